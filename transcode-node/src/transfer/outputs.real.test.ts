/**
 * Uploads: retried when the object store fails temporarily, with a fresh URL when the old one is refused,
 * large ones in parts.
 */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputGrant } from "@storagex/contract/tasks/grants";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fastClock } from "../testing/fast-clock.ts";
import { type Store, startStore } from "../testing/store.ts";
import { outputsOf } from "./outputs.ts";
import { StoreAway } from "./store-away.ts";

let store: Store;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store[Symbol.asyncDispose]());

const expiresAt = "2100-01-01T00:00:00.000Z";
const signal = AbortSignal.timeout(300_000);
const single = (name: string, query = ""): OutputGrant => ({ name, url: store.url(name) + query, expiresAt });
const refusing = { signal, report: () => Promise.reject(new Error("not asked for")) };

test("puts bytes and files under granted names", async () => {
  const outputs = outputsOf([single("a"), single("b")], refusing);
  const path = join(tmpdir(), `storagex-outputs-${process.pid}`);
  await writeFile(path, "from a file");
  expect(await outputs.put("a", Buffer.from("from memory"))).toMatchObject({ name: "a", size: 11 });
  expect(await outputs.put("b", path)).toMatchObject({ size: 11, etag: store.grant("b").etag });
  expect(store.objects.get("b")?.toString()).toBe("from a file");
});

test("tries again after 500s and cut connections", async () => {
  let faults = 0;
  store.fault = (_, response) => {
    if (faults++ >= 2) return false;
    if (faults === 1) response.writeHead(500).end();
    else response.destroy();
    return true;
  };
  await outputsOf([single("a")], refusing).put("a", Buffer.from("x"));
  expect(store.objects.get("a")?.toString()).toBe("x");
});

test("asks for a fresh URL when the granted one is refused, and for grants the claim did not hold", async () => {
  store.fault = (request, response) => {
    if (!request.url?.endsWith("?old")) return false;
    response.writeHead(403).end();
    return true;
  };
  const asked: string[] = [];
  const outputs = outputsOf([single("a", "?old")], {
    signal,
    report: async ({ want = [] }) => {
      asked.push(...want.map((each) => each.name));
      return { outcome: "held", outputs: want.map(({ name }) => single(name)), source: null, inputs: null };
    },
  });
  await outputs.put("a", Buffer.from("x"));
  await outputs.put("further", Buffer.from("y"));
  expect(asked).toEqual(["a", "further"]);
});

test("waits for minutes for a storage that is away, then gives up as for one", async () => {
  using clock = fastClock();
  const fails = (times: number, lastsMs: number) => {
    store.fault = (_, response) => {
      if (times-- <= 0) return false;
      clock.jump(lastsMs);
      if (times % 2) response.destroy();
      else response.writeHead(503).end();
      return true;
    };
  };
  const outputs = outputsOf([single("a")], refusing);
  // More often than what is refused is sent.
  fails(6, 35_000);
  await outputs.put("a", Buffer.from("x"));
  expect(store.objects.get("a")?.toString()).toBe("x");
  fails(100, 130_000);
  const lost: unknown = await outputs.put("a", Buffer.from("y")).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(StoreAway);
  expect(lost).toMatchObject({ code: "transcoder.upload_failed" });
});

test("gives up with transcoder.upload_failed what is refused, and at once when told to stop", async () => {
  store.fault = (_, response) => {
    response.writeHead(400).end();
    return true;
  };
  const refused = outputsOf([single("a")], refusing).put("a", Buffer.from("x"));
  const lost: unknown = await refused.catch((error: unknown) => error);
  expect(lost).toMatchObject({ code: "transcoder.upload_failed" });
  expect(lost).not.toBeInstanceOf(StoreAway);
  const stopped = { ...refusing, signal: AbortSignal.abort(new Error("stop")) };
  await expect(outputsOf([single("a")], stopped).put("a", Buffer.from("x"))).rejects.toThrow("stop");
});

test("sends a large file in the parts of its multipart grant, each whole", async () => {
  const bytes = randomBytes(2_500_000);
  const path = join(tmpdir(), `storagex-outputs-large-${process.pid}`);
  await writeFile(path, bytes);
  const partSize = 1_000_000;
  const outputs = outputsOf([], {
    signal,
    report: async ({ want = [] }) => {
      const parts = [1, 2, 3].map((partNumber) => ({ partNumber, url: store.url(`part-${partNumber}`) }));
      expect(want).toEqual([{ name: "video.mp4", size: bytes.length, uploadId: null }]);
      const grant = { name: "video.mp4", uploadId: "id", partSize, parts, expiresAt };
      return { outcome: "held", outputs: [grant], source: null, inputs: null };
    },
  });
  expect(await outputs.putLarge("video.mp4", path)).toEqual({
    name: "video.mp4",
    size: bytes.length,
    etag: null,
    uploadId: "id",
  });
  const sent = [1, 2, 3].map((part) => store.objects.get(`part-${part}`) ?? Buffer.alloc(0));
  expect(Buffer.concat(sent).equals(bytes)).toBe(true);
});

test("part URLs that end in the middle are renewed, for the same upload and once for all parts", async () => {
  const bytes = randomBytes(700_000);
  const path = join(tmpdir(), `storagex-outputs-renewed-${process.pid}`);
  await writeFile(path, bytes);
  const asked: unknown[] = [];
  // All of a grant's URLs expire after three PUTs.
  const left = new Map<string, number>();
  store.fault = (request, response) => {
    const grant = request.url?.split("?")[1] ?? "";
    const puts = left.get(grant) ?? 3;
    left.set(grant, puts - 1);
    if (puts > 0) return false;
    response.writeHead(403).end();
    return true;
  };
  const outputs = outputsOf([], {
    signal,
    report: async ({ want = [] }) => {
      asked.push(want[0]?.uploadId);
      const parts = [1, 2, 3, 4, 5, 6, 7].map((partNumber) => ({
        partNumber,
        url: `${store.url(`part-${partNumber}`)}?${asked.length}`,
      }));
      const grant = { name: "video.mp4", uploadId: "id", partSize: 100_000, parts, expiresAt };
      return { outcome: "held", outputs: [grant], source: null, inputs: null };
    },
  });
  expect(await outputs.putLarge("video.mp4", path)).toMatchObject({ size: bytes.length, uploadId: "id" });
  expect(asked).toEqual([null, "id", "id"]);
  const sent = [1, 2, 3, 4, 5, 6, 7].map((part) => store.objects.get(`part-${part}`) ?? Buffer.alloc(0));
  expect(Buffer.concat(sent).equals(bytes)).toBe(true);
});
