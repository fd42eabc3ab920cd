/**
 * The gateway is killed while it works: nothing incomplete is visible, nothing acknowledged is lost, nothing
 * leaks.
 */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { s3Service } from "../../stack/services/s3.ts";
import { signHeaders } from "./testing/oracle.ts";
import { type Gateway, startGateway } from "./testing/spawn.ts";
import { Wire } from "./testing/suite/wire.ts";

const mebibyte = 1024 ** 2;
let folder: string;
let gateway: Gateway;
let wire: Wire;

async function start(): Promise<void> {
  gateway = await startGateway(folder);
  wire = new Wire(gateway.target);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-s3-crash-"));
  await start();
  await wire.sdk.send(new CreateBucketCommand({ Bucket: gateway.target.bucket }));
});
afterEach(async () => {
  await gateway.stop("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Number of files that hold bytes, drafts included. */
async function blobCount(): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /^[0-9a-f]{32}$/.test(entry.name)).length;
}

/** Begins a PUT of `size` bytes, sends half of them and stops there. */
async function sendHalf(Key: string, size: number, query: Record<string, string> = {}) {
  const headers = { "content-length": String(size) };
  const unsigned = { method: "PUT", key: Key, query, headers, payloadHash: "UNSIGNED-PAYLOAD" };
  const signed = await signHeaders(gateway.target, unsigned);
  const outgoing = request(signed.url, { method: "PUT", headers: signed.headers, agent: false });
  outgoing.on("error", () => undefined);
  await new Promise((resolve) => outgoing.write(Buffer.alloc(size / 2, 1), resolve));
  await expect.poll(blobCount).toBeGreaterThan(0);
  return outgoing;
}

async function read(Key: string): Promise<string | undefined> {
  return await (await wire.sdk.send(new GetObjectCommand(wire.at(Key)))).Body?.transformToString();
}

it("kill -9 in the middle of a PUT leaves the old object, no new one, and no bytes", async () => {
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("kept"), Body: "old" }));
  await sendHalf("kept", 40 * mebibyte);
  await sendHalf("fresh", 40 * mebibyte);
  await expect.poll(blobCount).toBe(3);
  await gateway.stop("SIGKILL");
  await start();
  expect(await read("kept")).toBe("old");
  expect(await wire.exists("fresh")).toBe(false);
  expect(await blobCount()).toBe(1);
  // What npm start understands while a large store is looked through.
  const line =
    gateway
      .log()
      .split("\n")
      .find((each) => each.includes('"opening"')) ?? "";
  const { startingBy } = s3Service({ folder, host: "127.0.0.1", port: 1, ...gateway.target });
  expect(await startingBy?.(line)).toBe("0 of 256 folders are looked through");
  expect(await startingBy?.(line.replace(/"time":\d+/, '"time":1'))).toBeNull();
});

it("kill -9 in the middle of a part leaves the finished parts and the upload open", async () => {
  const at = wire.at("parts");
  const { UploadId = "" } = await wire.sdk.send(new CreateMultipartUploadCommand(at));
  await wire.sdk.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: "whole" }));
  await sendHalf("parts", 20 * mebibyte, { partNumber: "2", uploadId: UploadId });
  await gateway.stop("SIGKILL");
  await start();
  const { Parts } = await wire.sdk.send(new ListPartsCommand({ ...at, UploadId }));
  expect(Parts?.map((part) => [part.PartNumber, part.Size])).toEqual([[1, 5]]);
  expect(await blobCount()).toBe(1);
});

it("kill -9 at any moment: what was acknowledged is whole, what is visible is whole", async () => {
  const acknowledged = new Map<string, string>();
  const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  for (const delay of [40, 90, 160]) {
    const { signal, abort } = stopSwitch();
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let count = 0; !signal.aborted; count++) {
        const Key = `${delay}/${writer}/${count}`;
        const Body = randomBytes(1 + Math.floor(Math.random() * 300_000));
        const sent = await wire.sdk
          .send(new PutObjectCommand({ ...wire.at(Key), Body, Metadata: { sha: digest(Body) } }))
          .catch(() => null);
        if (sent) acknowledged.set(Key, digest(Body));
      }
    });
    // On a busy machine nothing may be acknowledged after so few milliseconds.
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size, { interval: 5 }).toBeGreaterThan(before + 2);
    await sleep(delay);
    await gateway.stop("SIGKILL");
    abort();
    await Promise.all(writers);
    await start();
  }
  const { Contents = [] } = await wire.sdk.send(new ListObjectsV2Command({ Bucket: gateway.target.bucket }));
  const visible = new Set(Contents.map(({ Key = "" }) => Key));
  expect([...acknowledged.keys()].filter((key) => !visible.has(key))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(5);
  for (const Key of visible) {
    const answer = await wire.sdk.send(new GetObjectCommand(wire.at(Key)));
    expect(digest((await answer.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(
      answer.Metadata?.sha,
    );
  }
  expect(await blobCount()).toBe(visible.size);
});

function stopSwitch(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

it("a part that ends after its upload was aborted is refused and leaves nothing", async () => {
  const at = wire.at("late");
  const { UploadId = "" } = await wire.sdk.send(new CreateMultipartUploadCommand(at));
  const outgoing = await sendHalf("late", 20 * mebibyte, { partNumber: "1", uploadId: UploadId });
  const answered = once(outgoing, "response");
  await wire.sdk.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  outgoing.end(Buffer.alloc(10 * mebibyte));
  const [response] = await answered;
  expect(response.statusCode).toBe(404);
  await expect.poll(blobCount).toBe(0);
});

it("a client that leaves in the middle of a PUT leaves nothing", async () => {
  const outgoing = await sendHalf("left", 20 * mebibyte);
  outgoing.destroy();
  await expect.poll(blobCount).toBe(0);
  expect(await wire.exists("left")).toBe(false);
});

it("bytes go when the last object that shares them goes, and a reader in the middle still gets them all", async () => {
  const bytes = randomBytes(40 * mebibyte);
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("one"), Body: "overwritten" }));
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("one"), Body: bytes }));
  expect(await blobCount()).toBe(1);
  await wire.sdk.send(
    new CopyObjectCommand({ ...wire.at("two"), CopySource: `${gateway.target.bucket}/one` }),
  );
  await wire.sdk.send(new DeleteObjectCommand(wire.at("one")));
  expect(await blobCount()).toBe(1);
  const reading = await wire.sdk.send(new GetObjectCommand(wire.at("two")));
  await wire.sdk.send(new DeleteObjectCommand(wire.at("two")));
  expect(await blobCount()).toBe(1);
  const got = Buffer.from((await reading.Body?.transformToByteArray()) ?? []);
  expect(got.equals(bytes)).toBe(true);
  await expect.poll(blobCount).toBe(0);
});

it("a copied part shares its source's bytes until the last of both is gone", async () => {
  const Body = randomBytes(6 * mebibyte);
  const CopySource = `${gateway.target.bucket}/source`;
  const at = wire.at("joined");
  const copy = async () => {
    await wire.sdk.send(new PutObjectCommand({ ...wire.at("source"), Body }));
    const { UploadId = "" } = await wire.sdk.send(new CreateMultipartUploadCommand(at));
    const upload = { ...at, UploadId };
    const whole = new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource });
    const { CopyPartResult } = await wire.sdk.send(whole);
    const CopySourceRange = "bytes=1-2";
    await wire.sdk.send(new UploadPartCopyCommand({ ...upload, PartNumber: 2, CopySource, CopySourceRange }));
    return { ...upload, Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] };
  };
  const aborted = await copy();
  expect(await blobCount()).toBe(1);
  await wire.sdk.send(new DeleteObjectCommand(wire.at("source")));
  expect(await blobCount()).toBe(1);
  await wire.sdk.send(new AbortMultipartUploadCommand(aborted));
  expect(await blobCount()).toBe(0);

  const { Parts, ...upload } = await copy();
  await wire.sdk.send(new DeleteObjectCommand(wire.at("source")));
  // What a start removes is what no row references: these bytes are only a part's.
  await gateway.stop("SIGKILL");
  await start();
  await wire.sdk.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  const answer = await wire.sdk.send(new GetObjectCommand(at));
  expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  expect(await blobCount()).toBe(1);
  await wire.sdk.send(new DeleteObjectCommand(at));
  expect(await blobCount()).toBe(0);
});

it("kill -9 among copied parts: those acknowledged are whole, and the sources too", async () => {
  const bodies = Array.from({ length: 40 }, () => randomBytes(70_000));
  for (const [n, Body] of bodies.entries())
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(`from/${n}`), Body }));
  const at = wire.at("killed");
  const { UploadId = "" } = await wire.sdk.send(new CreateMultipartUploadCommand(at));
  const acknowledged = new Set<number>();
  const copies = bodies.map(async (_, n) => {
    const CopySource = `${gateway.target.bucket}/from/${n}`;
    await wire.sdk.send(new UploadPartCopyCommand({ ...at, UploadId, PartNumber: n + 1, CopySource }));
    acknowledged.add(n + 1);
    if (acknowledged.size === 5) gateway.child.kill("SIGKILL");
  });
  await Promise.allSettled(copies);
  await gateway.stop("SIGKILL");
  await start();
  const { Parts = [] } = await wire.sdk.send(new ListPartsCommand({ ...at, UploadId }));
  const listed = new Map(Parts.map(({ PartNumber = 0, Size, ETag }) => [PartNumber, { Size, ETag }]));
  expect([...acknowledged].filter((number) => !listed.has(number))).toEqual([]);
  for (const [number, { Size, ETag }] of listed) {
    const source = await wire.sdk.send(new GetObjectCommand(wire.at(`from/${number - 1}`)));
    expect([Size, ETag]).toEqual([70_000, source.ETag]);
    const bytes = Buffer.from((await source.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(bodies[number - 1] ?? Buffer.alloc(0))).toBe(true);
  }
  expect(await blobCount()).toBe(bodies.length);
});

it("a second gateway on the same folder refuses to start, and the first goes on", async () => {
  await wire.sdk.send(new PutObjectCommand({ ...wire.at("mine"), Body: "mine" }));
  await expect(startGateway(folder)).rejects.toThrow("ended with 1");
  expect(await read("mine")).toBe("mine");
});

it("SIGTERM ends with 0, also with a request hanging that would never end", async () => {
  await sendHalf("hanging", 20 * mebibyte);
  expect(await gateway.stop()).toBe(0);
});
