/** What `/readyz` reports about object stores that differ from S3, played by a small server. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { Missing, requireSameClock } from "./missing.ts";
import { checkBucket, checkSigning } from "./storage.ts";

let seen: IncomingMessage | undefined;
let answer = { status: 500, code: "", message: "" };
/** Seconds by which the object store's clock is ahead of ours. */
let skew = 0;
const store = createServer((request, response) => {
  seen = request;
  request.resume().on("end", () => {
    const date = new Date(Date.now() + skew * 1000).toUTCString();
    response.writeHead(answer.status, { "content-type": "application/xml", connection: "close", date });
    response.end(`<Error><Code>${answer.code}</Code><Message>${answer.message}</Message></Error>`);
  });
});
let config: Config;

beforeAll(async () => {
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
  const settings: Partial<Config> = {
    S3_ENDPOINT: endpoint,
    S3_PUBLIC_ENDPOINT: endpoint,
    S3_REGION: "us-east-1",
    S3_BUCKET: "bucket",
    S3_ACCESS_KEY_ID: "k",
    S3_SECRET_ACCESS_KEY: "s",
  };
  config = settings as Config;
});
afterAll(() => new Promise((resolve) => store.close(resolve)));

const UNSIGNED = "There were headers present in the request which were not signed";

test.each([
  ["S3", { status: 403, code: "AccessDenied", message: UNSIGNED }],
  ["Garage", { status: 400, code: "InvalidRequest", message: "Header `x-amz-copy-source` should be signed" }],
  ["one that copies no parts", { status: 501, code: "NotImplemented", message: "" }],
])("%s refuses a header that is not signed: fine", async (_, given) => {
  answer = given;
  await checkSigning(config, 2_000);
  expect(seen?.method).toBe("PUT");
  expect(seen?.headers["x-amz-copy-source"]).toBe("bucket/readyz/none");
  expect(seen?.url).toMatch(/^\/bucket\/readyz\/none\?.*SignedHeaders=content-length%3Bhost&.*uploadId=none/);
});

test.each([
  { status: 404, code: "NoSuchUpload", message: "" },
  { status: 404, code: "NoSuchKey", message: "" },
  { status: 200, code: "", message: "" },
  { status: 400, code: "InvalidArgument", message: "Invalid copy source" },
  { status: 500, code: "InternalError", message: "" },
])("a store that answers it with %j is named, with what to do", async (given) => {
  answer = given;
  await expect(checkSigning(config, 2_000)).rejects.toThrow(
    new RegExp(`not signed \\(it answers ${given.status}, not 403\\).*update it`),
  );
});

test.each([-55, 0, 55])("a store whose clock is %d s from ours will do", async (seconds) => {
  skew = seconds;
  answer = { status: 404, code: "NoSuchKey", message: "" };
  await checkBucket(config, 2_000);
});

test.each([-63, 63, 86_400])("a store whose clock is %d s from ours is not ready", async (seconds) => {
  skew = seconds;
  answer = { status: 404, code: "NoSuchKey", message: "" };
  await expect(checkBucket(config, 2_000)).rejects.toThrow(
    /clock of the storage is -?\d+ s from the Worker's/,
  );
});

test("nor is a database", () => {
  const now = Date.now() / 1000;
  requireSameClock("database", now + 58);
  expect(() => requireSameClock("database", now - 62)).toThrow(Missing);
});
