/** How unusual answers of object stores are interpreted, using a small server that gives them. */
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { type Storage, storageOf } from "./s3.ts";

let server: Server;
let storage: Storage;
let seen: { method: string; url: string; checksum: boolean }[] = [];
let answers: { status: number; body?: string; headers?: Record<string, string> }[] = [];
const error = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
const PART = { partNumber: 1, size: 5, etag: "e1" };

beforeAll(async () => {
  server = createServer((request, response) => {
    const checksum = Object.keys(request.headers).some((name) => name.includes("checksum"));
    seen.push({ method: request.method ?? "", url: request.url ?? "", checksum });
    request.resume().on("end", () => {
      const { status, body = "", headers = {} } = answers.shift() ?? { status: 500 };
      response.writeHead(status, { "content-type": "application/xml", connection: "close", ...headers });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  const config: Partial<Config> = {
    S3_ENDPOINT: `http://127.0.0.1:${address.port}`,
    S3_REGION: "us-east-1",
    S3_BUCKET: "bucket",
    S3_ACCESS_KEY_ID: "k",
    S3_SECRET_ACCESS_KEY: "s",
  };
  storage = storageOf(config as Config);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  seen = [];
  answers = [];
});

test("a completion that answers 200 with an error inside is no completion", async () => {
  const inside = { status: 200, body: error("InternalError") };
  answers = [inside, inside, inside];
  await expect(storage.completeUpload("k", "u", [PART])).rejects.toThrow("storage.unavailable");
});

test("a completion of an upload that is not there says so, and does not throw", async () => {
  answers = [{ status: 404, body: error("NoSuchUpload") }];
  expect(await storage.completeUpload("k", "u", [PART])).toBe(false);
});

test("a refusal that trying again cannot mend is storage.unavailable, without the store's words", async () => {
  answers = [{ status: 403, body: error("SignatureDoesNotMatch") }];
  await expect(storage.head("k")).rejects.toThrow(/^storage\.unavailable/);
});

test("parts are read over all pages, in order", async () => {
  const page = (number: number, isLast: boolean) => ({
    status: 200,
    body: `<?xml version="1.0"?><ListPartsResult><IsTruncated>${!isLast}</IsTruncated><NextPartNumberMarker>${number}</NextPartNumberMarker>
      <Part><PartNumber>${number}</PartNumber><ETag>"e${number}"</ETag><Size>5</Size></Part></ListPartsResult>`,
  });
  answers = [page(2, false), page(1, true)];
  expect(await storage.listParts("k", "u")).toEqual([PART, { partNumber: 2, size: 5, etag: "e2" }]);
  expect(seen[1]?.url).toContain("part-number-marker=2");
});

test("unfinished uploads are read over all pages", async () => {
  const page = (id: string, isLast: boolean) => ({
    status: 200,
    body: `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>${!isLast}</IsTruncated>
      <NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>${id}</NextUploadIdMarker>
      <Upload><Key>k</Key><UploadId>${id}</UploadId></Upload></ListMultipartUploadsResult>`,
  });
  answers = [page("u1", false), page("u2", true)];
  expect((await storage.listUploads("k")).map(({ uploadId }) => uploadId)).toEqual(["u1", "u2"]);
  expect(seen[1]?.url).toContain("key-marker=k");
  expect(seen[1]?.url).toContain("upload-id-marker=u1");
});

const listed = (keys: readonly string[], token?: string) => ({
  status: 200,
  body: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${token !== undefined}</IsTruncated>
    ${token === undefined ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`}
    ${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join("")}</ListBucketResult>`,
});

test("a page of few objects is the last one only where the store says so", async () => {
  answers = [listed(["a/1", "a/2"], "t1"), listed(["a/3"])];
  const first = await storage.list("a/");
  expect(first.objects.map(({ key }) => key)).toEqual(["a/1", "a/2"]);
  expect(first.next).toBe("a/2");
  const second = await storage.list("a/", first.next);
  expect(second.next).toBeUndefined();
  expect(seen[1]?.url).toContain("start-after=a%2F2");
});

test("an empty page is not the end while the store has more", async () => {
  answers = [listed([], "t1"), listed([], "t2"), listed(["a/9"], "t3"), listed([])];
  const page = await storage.list("a/", "a/1");
  expect(page.objects.map(({ key }) => key)).toEqual(["a/9"]);
  expect(page.next).toBe("a/9");
  expect(seen).toHaveLength(3);
  expect(seen[2]?.url).toContain("continuation-token=t2");
  expect(await storage.list("a/", "a/9")).toEqual({ objects: [], next: undefined });
});

test("no such upload, and no such object, are null", async () => {
  answers = [{ status: 404, body: error("NoSuchUpload") }, { status: 404 }];
  expect(await storage.listParts("k", "u")).toBeNull();
  expect(await storage.head("k")).toBeNull();
});

test("an abort of what is gone is fine", async () => {
  answers = [{ status: 404, body: error("NoSuchUpload") }];
  await storage.abortUpload("k", "u");
});

test("a deletion that the store refuses for one key is an error", async () => {
  answers = [
    {
      status: 200,
      body: `<?xml version="1.0"?><DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error></DeleteResult>`,
    },
  ];
  await expect(storage.remove(["a", "b"])).rejects.toThrow("storage.unavailable");
});

test("commands go by path, and without a checksum that older stores refuse", async () => {
  answers = [
    {
      status: 200,
      body: `<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>`,
    },
  ];
  expect(await storage.createUpload("raw/user_a/b/source")).toBe("u1");
  expect(seen).toEqual([{ method: "POST", url: "/bucket/raw/user_a/b/source?uploads=", checksum: false }]);
});
