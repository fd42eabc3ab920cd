/** The edge of the tests of parts that are objects, with a proxy before its object store. */
import { createHash, randomBytes } from "node:crypto";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { rawPrefix, sourceKey } from "@storagex/contract/keys";
import { foundPartsSchema, type Ticket } from "@storagex/contract/uploads/upload";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { operatorOf } from "../support/operator-s3.ts";
import type { Person } from "../support/person.ts";
import { type Pipeline, startPipeline } from "../support/pipeline.ts";
import { sweepNow } from "../support/sweep-now.ts";

export const MIB = 1024 * 1024;
const ON = { STORAGEX_EARLY_START: "1" };
export let edge: Pipeline;
let store: FaultProxy;
/** What the proxy before the object store does with a request; passes all of them before each test. */
export const faults: { decide: (method: string, url: URL) => Fault } = { decide: () => "pass" };

/** Installs the hooks for the file that calls it. */
export function setPartObjects(): void {
  beforeAll(async () => {
    edge = await startPipeline(ON);
    store = await startFaultProxy(edge.s3.endpoint, (method, url) => faults.decide(method, url));
    await restartWith({});
  });
  afterAll(async () => {
    await edge?.stop();
    await store?.stop();
  });
  afterEach(async () => {
    faults.decide = () => "pass";
    // Chunks that a test leaves in the queue would go before those of the next test's uploads.
    await edge.sql.query("UPDATE tasks SET state = 'cancelled' WHERE state = 'queued'");
  });
}

/** Restarts the edge with other settings. URLs of browsers lead to the store itself. */
export const restartWith = (settings: Record<string, string>): Promise<void> =>
  edge.restart({ ...ON, S3_ENDPOINT: store.url, S3_PUBLIC_ENDPOINT: edge.s3.endpoint, ...settings });

export const s3 = () => operatorOf(edge.s3);
export const Bucket = () => edge.s3.bucket;
export const isCopy = (method: string, url: URL) => method === "PUT" && url.searchParams.has("uploadId");

export async function put(ticket: Ticket, number: number, bytes: Uint8Array): Promise<void> {
  const url = ticket.upload.parts.find(({ partNumber }) => partNumber === number)?.url ?? "";
  const answer = await fetch(url, { method: "PUT", body: new Uint8Array(bytes) });
  if (!answer.ok) throw new Error(`part ${number}: ${answer.status} ${await answer.text()}`);
}

export const slice = (ticket: Ticket, file: Buffer, number: number) =>
  file.subarray((number - 1) * ticket.upload.partSize, number * ticket.upload.partSize);

export async function putAll(
  ticket: Ticket,
  file: Buffer,
  numbers = ticket.upload.parts.map((p) => p.partNumber),
) {
  for (const number of numbers) await put(ticket, number, slice(ticket, file, number));
}

export async function stored(person: Person, id: string) {
  const answer = await person.call("POST", `/v1/videos/${id}/upload/stored`, {});
  if (answer.status !== 200) throw new Error(`stored: ${answer.status} ${await answer.text()}`);
  return foundPartsSchema.parse(await answer.json());
}

/** As a client that waits for a second. */
export const forgetLook = (id: string) =>
  edge.sql.query("UPDATE part_uploads SET looked_at = NULL WHERE video_id = $1", [id]);

/** As if so many minutes had passed for the video: every timestamp of its rows is so much older. */
export async function pass(id: string, minutes: number): Promise<void> {
  const mine = {
    videos: "id = $1",
    tasks: "video_id = $1",
    part_uploads: "video_id = $1",
    outbox: "task_id IN (SELECT id FROM tasks WHERE video_id = $1)",
  };
  const { rows } = await edge.sql.query<{ table: keyof typeof mine; columns: string }>(
    `SELECT table_name AS table, string_agg(format('%1$I = %1$I - make_interval(mins => $2)', column_name), ', ') AS columns
     FROM information_schema.columns WHERE data_type = 'timestamp with time zone' AND table_name = ANY ($1) GROUP BY 1`,
    [Object.keys(mine)],
  );
  for (const { table, columns } of rows)
    await edge.sql.query(`UPDATE ${table} SET ${columns} WHERE ${mine[table]}`, [id, minutes]);
}

export const complete = (person: Person, id: string) => person.call("POST", `/v1/videos/${id}/complete`, {});

export async function keysOf(person: Person, id: string): Promise<string[]> {
  const Prefix = rawPrefix(person.user.id, id);
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: Bucket(), Prefix }));
  return Contents.map(({ Key = "" }) => Key.slice(Prefix.length));
}

export async function sourceHash(person: Person, id: string): Promise<string> {
  const at = { Bucket: Bucket(), Key: sourceKey(person.user.id, id) };
  const { Body } = await s3().send(new GetObjectCommand(at));
  return hashOf((await Body?.transformToByteArray()) ?? new Uint8Array());
}

export const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Resolves when the source of `id` is one object, after sweeps where the first run was cut off. */
export async function assembled(id: string, sweeps = false): Promise<void> {
  await eventually(async () => {
    if (sweeps) {
      await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
      await sweepNow(edge);
    }
    const { rows } = await edge.sql.query("SELECT source_etag AS etag FROM videos WHERE id = $1", [id]);
    expect(rows).toEqual([{ etag: expect.any(String) }]);
  });
}

export const newFile = (parts: number, last = 1) => randomBytes((parts - 1) * 8 * MIB + last);

/** An upload of `parts` parts, all but the last one full, whose bytes are stored but not completed. */
export async function sentInParts(parts: number, numbers?: number[]) {
  const ann = await edge.person();
  const file = newFile(parts);
  const ticket = await ann.ticket(file.length);
  await putAll(ticket, file, numbers);
  return { ann, file, ticket, id: ticket.video.id };
}
