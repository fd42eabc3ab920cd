/**
 * Writes a dump with videos in every state, for `old-data.real.test.ts`. Run it at a release:
 * `STORAGEX_DUMP_TO=/…/name.sql npx vitest run --project real edge-api/tests/make-dump`. Skipped otherwise.
 */
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { newPerson, type Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { leased, planOf } from "./support/worker.ts";

const target = process.env.STORAGEX_DUMP_TO;
const plan = planOf(3, 2);
/** Without events: their transaction ids belong to the cluster that made them. */
const TABLES = ["users", "videos", "tasks", "media_objects", "outbox"];

/** Creates videos in every state; returns their ids by state. */
async function everyState(edge: Pipeline, ann: Person): Promise<Record<string, string>> {
  const work = async (id: string, kind: string, index = 0) =>
    edge.worker.work((await edge.task(id, kind, index)).id, plan);
  const spoil = async (id: string) => {
    await work(id, "encode");
    const { id: task } = await edge.task(id, "encode", 1);
    const lease = leased(await edge.worker.claim(task));
    const damaged = { code: "source.damaged", message: "It is damaged.", retryable: false };
    await edge.worker.fail(task, lease, damaged);
  };

  const completed = await edge.completed(ann, plan);
  const pending = (await ann.ticket(1000)).video.id;
  const expired = (await ann.ticket(1000)).video.id;
  const queued = await ann.uploaded();
  const planning = await ann.uploaded();
  await edge.worker.claim((await edge.task(planning, "plan")).id);
  const planned = await edge.planned(ann, plan);

  // One chunk and one track succeeded, one chunk is running, the other track has a piece: it is playable.
  const processing = await edge.planned(ann, plan);
  await work(processing, "encode");
  await work(processing, "audio");
  const track = leased(await edge.worker.claim((await edge.task(processing, "audio", 1)).id));
  await edge.worker.pin(track, 0);
  await edge.worker.claim((await edge.task(processing, "encode", 1)).id);

  // One chunk succeeded, one track has no piece.
  const unheard = await edge.planned(ann, plan);
  await work(unheard, "encode");
  await work(unheard, "audio");

  const finishing = await edge.planned(ann, plan);
  for (const { index } of plan.chunks) await work(finishing, "encode", index);
  for (const index of plan.source.audio.keys()) await work(finishing, "audio", index);

  const failed = await edge.planned(ann, plan);
  await spoil(failed);

  // It failed once; its second generation is planned.
  const retried = await edge.planned(ann, plan);
  await spoil(retried);
  expect((await ann.call("POST", `/v1/videos/${retried}/retry`)).status).toBe(202);
  await work(retried, "plan");

  const deleted = await edge.planned(ann, plan);
  expect((await ann.call("DELETE", `/v1/videos/${deleted}`)).status).toBe(204);
  return {
    ...{ completed, pending, expired, queued, planning, planned, processing, unheard, finishing, failed },
    ...{ retried, deleted },
  };
}

/** The rows of a table as a statement; columns that a row does not name are NULL. */
async function rowsOf({ sql }: Pipeline, table: string): Promise<string> {
  const { rows } = await sql.query<{ row: Record<string, unknown> }>(
    `SELECT to_jsonb(${table}) AS row FROM ${table}`,
  );
  const named = rows.map(({ row }) =>
    JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
  );
  return `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $json$[\n${named.join(",\n")}\n]$json$);\n`;
}

test.runIf(target)("makes the dump", async () => {
  const edge = await startPipeline();
  try {
    const names = await everyState(edge, await newPerson(edge.url));
    const statements: string[] = [];
    for (const table of TABLES) statements.push(await rowsOf(edge, table));
    await writeFile(target ?? "", `-- ${JSON.stringify(names)}\n${statements.join("")}`);
  } finally {
    await edge.stop();
  }
});
