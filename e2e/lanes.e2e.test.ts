/**
 * A clip that arrives while a film is being encoded on the only worker: it goes first, and the film loses
 * nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, read, register, until, upload } from "./testing/account.ts";
import { countedClip } from "./testing/counted-clip.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { rowsOf } from "./testing/rows.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

let stack: RunningStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack({ STORAGEX_WORKERS: "1" });
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

type Row = { name: string; state: string; started: number | null; finished: number | null; attempt: number };
const tasksOf = (id: string) =>
  rowsOf<Row>(
    stack,
    `SELECT kind || ' ' || index AS name, state, attempt, extract(epoch FROM started_at)::float8 AS started,
       extract(epoch FROM finished_at)::float8 AS finished
     FROM tasks WHERE video_id = $1 ORDER BY finished_at, name`,
    [id],
  );

test("plan, first chunk, audio and the rest of a clip are done while the film's bulk fills the worker", async () => {
  // Longer than a minute: what is shorter goes by the short lane.
  const film = await upload(ann, await countedClip(64, 25, "854x480"), "film.mp4");
  const inBulk = async () =>
    (await tasksOf(film)).some(({ name, state }) => /^encode [2-9]/.test(name) && state === "running");
  while (!(await inBulk())) {
    expect(ended(await read(ann, film)), "the film is long enough for this").toBe(false);
    await sleep(50);
  }
  const clip = await upload(ann, await countedClip(12, 25, "640x360"), "clip.mp4");
  expect((await until(ann, clip, ended)).error).toBeNull();
  const clips = await tasksOf(clip);
  expect((await until(ann, film, ended, 600)).error).toBeNull();
  const films = await tasksOf(film);

  expect(clips.map(({ name }) => name).sort()).toEqual([
    "audio 0",
    "encode 0",
    "encode 1",
    "finish 0",
    "plan 0",
  ]);
  const lastOfClip = Math.max(...clips.map(({ finished }) => finished ?? Number.NaN));
  const behind = films.filter(
    ({ name, finished }) => name.startsWith("encode") && (finished ?? 0) > lastOfClip,
  );
  expect(behind.length, "the film's bulk was not done yet").toBeGreaterThan(0);
  // What was started before the clip came was stopped meanwhile: it was neither given up nor started again.
  expect([...clips, ...films].filter(({ attempt }) => attempt !== 1)).toEqual([]);
  await assertNothingLost(stack);
});
