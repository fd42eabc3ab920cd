/** What tests of imports share: a file's bytes, an import, its digest in the store, and one run of the importer. */
import { createHash } from "node:crypto";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { sourceKey } from "@storagex/contract/keys";
import { readAllowList } from "@storagex/contract/net/addresses";
import { videoDetailSchema } from "@storagex/contract/videos/video";
import pino from "pino";
import type { Resolve } from "../../../transcode-node/src/egress/resolve.ts";
import { makeImporterApi } from "../../../transcode-node/src/imports/api.ts";
import { fetchImport } from "../../../transcode-node/src/imports/fetch-import.ts";
import { MemoryBudget } from "../../../transcode-node/src/imports/memory-budget.ts";
import { type Clock, realClock } from "../../../transcode-node/src/imports/pace.ts";
import { type Edge, IMPORTER_CREDENTIAL } from "./harness.ts";
import type { Person } from "./person.ts";

export const MIB = 1024 * 1024;

/** Bytes that repeat nowhere, so that none can stand for others. */
export function bytesOf(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4)
    bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return bytes;
}
export const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export async function importFrom(person: Person, url: string, more: object = {}) {
  const answer = await person.call("POST", "/v1/videos/import", { url, ...more });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return videoDetailSchema.parse(await answer.json());
}

/** The digest of the source as it is stored as one object. */
export async function storedDigest(edge: Edge, person: Person, id: string): Promise<string> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = edge.s3;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  const Key = sourceKey(person.user.id, id);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return digest((await Body?.transformToByteArray()) ?? new Uint8Array());
}

type Run = { clock?: Clock; resolve?: Resolve; allow?: string; memory?: MemoryBudget; stop?: AbortSignal };

/** One import that is due, as an importer in this process fetches it; false if none is due. */
export async function runImport(
  edge: Edge,
  {
    clock = realClock,
    resolve,
    allow = "127.0.0.1",
    memory = new MemoryBudget(Number.POSITIVE_INFINITY),
    stop,
  }: Run = {},
) {
  const api = makeImporterApi({ baseUrl: edge.url, credential: IMPORTER_CREDENTIAL });
  const claimed = await api.claim();
  if (claimed.outcome === "none") return false;
  const log = pino({ level: "silent" });
  const fetching = { api, allow: readAllowList(allow), clock, log, memory, ...(resolve && { resolve }) };
  await fetchImport(claimed, fetching, stop ?? new AbortController().signal);
  return true;
}

/** All tries of one import: each is due at once. */
export async function runToTheEnd(edge: Edge, id: string, run: Run = {}): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    await edge.sql.query("UPDATE imports SET due_at = now() WHERE video_id = $1", [id]);
    if (!(await runImport(edge, run))) return tries;
  }
}
