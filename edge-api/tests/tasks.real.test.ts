/** Claims, fencing, failures, fan-out and fan-in: what keeps a video whole while workers come and go. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import type { Person } from "./person.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";
import { leased, makeWorker, planOf } from "./worker.ts";

let edge: Pipeline;
let ann: Person;
beforeAll(async () => {
  edge = await startPipeline();
}, 90_000);
afterAll(() => edge?.stop());
beforeEach(async () => {
  ann = await edge.person();
});

/** As if the worker had been silent so long. */
const silence = (taskId: string, seconds: number) =>
  edge.sql.query(
    `UPDATE tasks SET lease_until = lease_until - $2 * interval '1 second',
     heartbeat_at = heartbeat_at - $2 * interval '1 second' WHERE id = $1`,
    [taskId, seconds],
  );

describe("the door", () => {
  test.each(["", "worker.wrong-secret-of-the-worker", "nobody.secret-of-the-test-worker", "worker."])(
    "is shut to %j",
    async (credential) => {
      for (const path of ["workers/hello", "tasks/x/claim"]) {
        const answer = await edge.worker.send(
          path,
          { worker: "w", slots: 1, redelivered: false },
          credential,
        );
        expect(answer.status).toBe(401);
        expect(await answer.json()).toMatchObject({ code: "internal.token_invalid" });
      }
    },
  );

  test("is shut to a user's token", async () => {
    expect(
      (await ann.call("POST", "/internal/tasks/x/claim", { worker: "w", redelivered: false })).status,
    ).toBe(401);
  });

  test.each(["nothing", "%00", "00000000-0000-4000-8000-000000000000"])("task %j is gone", async (taskId) => {
    const proof = { attempt: 1, leaseSecret: "x".repeat(22) };
    expect(await edge.worker.claim(taskId)).toEqual({ outcome: "gone" });
    expect(await edge.worker.progress(taskId, proof)).toEqual({ outcome: "gone" });
    expect(await edge.worker.fail(taskId, proof)).toBe("gone");
    const result = { kind: "audio" as const, pieces: 1, cpuSeconds: 0, wallSeconds: 0 };
    expect(await edge.worker.succeed(taskId, proof, result)).toBe("gone");
    const dead = await edge.worker.send(`tasks/${taskId}/dead`, { kind: "plan", reason: "lost" });
    expect(dead.status).toBe(204);
  });
});

describe("a claim", () => {
  test("leases once; a second one is told busy, and the video is processing", async () => {
    const id = await ann.uploaded(1000);
    const plan = await edge.task(id, "plan");
    const answers = await Promise.all(Array.from({ length: 5 }, () => edge.worker.claim(plan.id)));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["busy", "busy", "busy", "busy", "leased"]);
    expect(await ann.video(id)).toMatchObject({ status: "processing", queuePosition: null });
    const lease = answers.map((answer) => (answer.outcome === "leased" ? answer.lease : null)).find(Boolean);
    expect(lease).toMatchObject({ kind: "plan", attempt: 1, generation: 1, filename: "holiday.mp4" });
    const source = await fetch(lease?.source.url ?? "", {
      headers: { "if-match": `"${lease?.source.etag}"` },
    });
    expect((await source.arrayBuffer()).byteLength).toBe(1000);
  });

  test("takes over after the lease, or after 6 s of silence where the broker lost the worker", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    await edge.worker.claim(task);
    await silence(task, 5);
    expect((await edge.worker.claim(task, true)).outcome).toBe("busy");
    await silence(task, 2);
    expect((await edge.worker.claim(task, false)).outcome).toBe("busy");
    expect(leased(await edge.worker.claim(task, true)).attempt).toBe(2);
    await silence(task, 16);
    expect(leased(await edge.worker.claim(task, false)).attempt).toBe(3);
  });

  test("fences the older attempt off, and every other secret", async () => {
    const id = await ann.uploaded();
    const other = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    const { id: elsewhere } = await edge.task(other, "plan");
    const first = leased(await edge.worker.claim(task));
    const foreign = leased(await edge.worker.claim(elsewhere));
    await silence(task, 16);
    const second = leased(await edge.worker.claim(task));
    for (const proof of [first, { ...second, leaseSecret: foreign.leaseSecret }, { ...first, attempt: 2 }]) {
      expect(await edge.worker.progress(task, proof)).toEqual({ outcome: "gone" });
      expect(await edge.worker.fail(task, proof)).toBe("gone");
      expect(await edge.worker.succeed(task, proof, await edge.worker.resultOf(second, planOf(1)))).toBe(
        "gone",
      );
    }
    expect(await edge.worker.succeed(task, second, await edge.worker.resultOf(second, planOf(1)))).toBe(
      "done",
    );
  });

  test("that ran out but was not overtaken still counts", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    const lease = leased(await edge.worker.claim(task));
    await silence(task, 600);
    expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
    await silence(task, 600);
    expect(await edge.worker.succeed(task, lease, await edge.worker.resultOf(lease, planOf(1)))).toBe("done");
  });
});

describe("failures", () => {
  test("are tried again after 5 s, 30 s and 5 min; the fourth ends the video with a reason", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    for (const delay of [5, 30, 300]) {
      const lease = leased(await edge.worker.claim(task));
      expect(await edge.worker.fail(task, lease)).toBe("done");
      expect(await edge.worker.fail(task, lease)).toBe("done");
      const { rows } = await edge.sql.query(
        `SELECT extract(epoch FROM due_at - now())::float8 AS wait FROM outbox WHERE task_id = $1 AND sent_at IS NULL`,
        [task],
      );
      expect(rows).toHaveLength(1);
      expect(rows[0].wait).toBeGreaterThan(delay - 3);
      expect(rows[0].wait).toBeLessThanOrEqual(delay);
      await edge.sql.query("UPDATE outbox SET sent_at = now() WHERE task_id = $1", [task]);
    }
    const last = leased(await edge.worker.claim(task));
    expect(await edge.worker.fail(task, last)).toBe("done");
    expect(await ann.video(id)).toMatchObject({
      status: "failed",
      error: { code: "transcoder.gave_up", message: expect.stringContaining("did not succeed") },
    });
  });

  test("that cannot be helped end it at once, siblings and all; late reports are gone", async () => {
    const id = await edge.planned(ann, planOf(6));
    const chunk = await edge.task(id, "encode", 0);
    const sibling = await edge.task(id, "encode", 1);
    const lease = leased(await edge.worker.claim(chunk.id));
    const busy = leased(await edge.worker.claim(sibling.id));
    const report = { code: "source.damaged", message: "x", retryable: false };
    expect(await edge.worker.fail(chunk.id, lease, report)).toBe("done");
    expect((await ann.video(id)).error).toEqual({
      code: "source.damaged",
      message: expect.stringContaining("damaged"),
    });
    const states = (await edge.tasks(id)).map(({ kind, state }) => `${kind} ${state}`);
    expect(new Set(states)).toEqual(
      new Set(["plan succeeded", "audio cancelled", "encode failed", "encode cancelled"]),
    );
    expect((await edge.worker.progress(sibling.id, busy)).outcome).toBe("gone");
    const late = await edge.worker.resultOf(busy, planOf(6));
    expect(await edge.worker.succeed(sibling.id, busy, late)).toBe("gone");
  });

  test("handed back at a shutdown are not counted and go out again at once", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    await eventually(async () => expect(edge.handed(task)).toBe(1));
    for (let round = 0; round < 6; round += 1) {
      const lease = leased(await edge.worker.claim(task));
      expect(await edge.worker.fail(task, lease, { handBack: true })).toBe("done");
    }
    await eventually(async () => expect(edge.handed(task)).toBe(7));
    const { rows } = await edge.sql.query("SELECT failures, interruptions FROM tasks WHERE id = $1", [task]);
    expect(rows).toEqual([{ failures: 0, interruptions: 0 }]);
  });

  test("five claims without a report end it, and say that workers went away", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    for (let round = 0; round < 5; round += 1) {
      leased(await edge.worker.claim(task));
      await silence(task, 16);
    }
    expect((await edge.worker.claim(task)).outcome).toBe("gone");
    expect((await ann.video(id)).error).toMatchObject({ code: "transcoder.interrupted" });
  });

  test("a dead letter ends the task only where no lease lives", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    const lease = leased(await edge.worker.claim(task));
    const bury = () => edge.worker.send(`tasks/${task}/dead`, { kind: "plan", reason: "delivered 20 times" });
    expect((await bury()).status).toBe(204);
    expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
    await silence(task, 16);
    expect((await bury()).status).toBe(204);
    expect(await ann.video(id)).toMatchObject({ status: "failed", error: { code: "transcoder.gave_up" } });
  });

  test("a retry starts the next generation from nothing; only a failed video takes one", async () => {
    const id = await edge.planned(ann, planOf(2));
    expect((await ann.call("POST", `/v1/videos/${id}/retry`)).status).toBe(409);
    const chunk = await edge.task(id, "encode", 0);
    await edge.worker.work(chunk.id, planOf(2));
    const other = await edge.task(id, "encode", 1);
    const lease = leased(await edge.worker.claim(other.id));
    await edge.worker.fail(other.id, lease, { code: "source.damaged", message: "x", retryable: false });
    const answers = await Promise.all([1, 2, 3].map(() => ann.call("POST", `/v1/videos/${id}/retry`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    expect(await ann.video(id)).toMatchObject({ status: "queued", error: null, progress: 0, renditions: [] });
    expect((await edge.tasks(id)).map(({ kind, state }) => [kind, state])).toEqual([["plan", "queued"]]);
    const { rows } = await edge.sql.query(
      `SELECT generation, stored_bytes::int AS stored, (SELECT used_bytes::int FROM users WHERE id = owner_id) AS used,
       (SELECT count(*)::int FROM media_objects WHERE video_id = videos.id) AS media FROM videos WHERE id = $1`,
      [id],
    );
    expect(rows).toEqual([{ generation: 2, stored: 1000, used: 1000, media: 0 }]);
  });
});

describe("fan-out and fan-in", () => {
  test("releases four chunks in the order of the timeline, the next on each success; more with more workers", async () => {
    const id = await edge.planned(ann, planOf(20));
    const out = async () =>
      (await edge.tasks(id))
        .filter(({ kind, state }) => kind === "encode" && (state === "queued" || state === "running"))
        .map(({ index }) => index);
    expect((await edge.task(id, "audio")).state).toBe("queued");
    expect(await out()).toEqual([0, 1, 2, 3]);
    await edge.worker.work((await edge.task(id, "encode", 1)).id, planOf(20));
    expect(await out()).toEqual([0, 2, 3, 4]);
    await edge.worker.send("workers/hello", { worker: "big", slots: 4 });
    await edge.worker.work((await edge.task(id, "encode", 0)).id, planOf(20));
    expect(await out()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    await edge.sql.query("DELETE FROM workers");
    await edge.worker.work((await edge.task(id, "encode", 2)).id, planOf(20));
    expect(await out()).toHaveLength(7);
  });

  test("two videos go out side by side: a film does not starve a clip", async () => {
    const film = await edge.planned(ann, planOf(30));
    const clip = await edge.planned(ann, planOf(1));
    const chunk = await edge.task(clip, "encode", 0);
    await eventually(async () => expect(edge.handed(chunk.id)).toBe(1));
    const before = edge.bridge.messages.findIndex(({ taskId }) => taskId === chunk.id);
    const ahead = edge.bridge.messages
      .slice(0, before)
      .filter(({ videoId, kind }) => videoId === film && kind === "encode");
    expect(ahead.length).toBeLessThanOrEqual(4);
  });

  test("the last two chunks at once make exactly one finish, twenty times", async () => {
    const plan = planOf(2, 0);
    for (let round = 0; round < 20; round += 1) {
      const id = await edge.planned(ann, plan);
      const leases = await Promise.all(
        [0, 1].map(async (index) =>
          leased(await edge.worker.claim((await edge.task(id, "encode", index)).id)),
        ),
      );
      const results = await Promise.all(leases.map((lease) => edge.worker.resultOf(lease, plan)));
      const outcomes = await Promise.all(
        leases.flatMap((lease, at) =>
          [1, 2].map(() => {
            const result = results[at];
            if (!result) throw new Error("no result");
            return edge.worker.succeed(lease.taskId, lease, result);
          }),
        ),
      );
      expect(outcomes).toEqual(["done", "done", "done", "done"]);
      const { rows } = await edge.sql.query(
        `SELECT pending_tasks AS pending, (SELECT count(*)::int FROM tasks WHERE video_id = videos.id AND kind = 'finish') AS finish,
         (SELECT count(*)::int FROM outbox JOIN tasks ON tasks.id = task_id WHERE video_id = videos.id AND kind = 'finish') AS due
         FROM videos WHERE id = $1`,
        [id],
      );
      expect(rows).toEqual([{ pending: 0, finish: 1, due: 1 }]);
    }
  }, 120_000);

  test("a plan said twice makes its tasks once; one with a gap is refused", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    const lease = leased(await edge.worker.claim(task));
    const gap = planOf(3);
    gap.chunks = gap.chunks.filter(({ index }) => index !== 1);
    const refused = await edge.worker.send(`tasks/${task}/succeed`, {
      attempt: lease.attempt,
      leaseSecret: lease.leaseSecret,
      result: { kind: "plan", plan: gap, mezzanine: null, cpuSeconds: 0, wallSeconds: 0 },
    });
    expect(refused.status).toBe(422);
    const result = await edge.worker.resultOf(lease, planOf(3));
    const outcomes = await Promise.all([1, 2, 3].map(() => edge.worker.succeed(task, lease, result)));
    expect(outcomes).toEqual(["done", "done", "done"]);
    expect(await edge.tasks(id)).toHaveLength(5);
  });

  test("an object that is not at the store, or of another size, does not count", async () => {
    const plan = planOf(1, 0);
    const id = await edge.planned(ann, plan);
    const { id: task } = await edge.task(id, "encode");
    const lease = leased(await edge.worker.claim(task));
    const result = await edge.worker.resultOf(lease, plan);
    if (result.kind !== "encode") throw new Error("not an encode");
    const [first, ...rest] = result.objects;
    if (!first) throw new Error("no object");
    const said = (object: object) =>
      edge.worker.send(`tasks/${task}/succeed`, {
        attempt: lease.attempt,
        leaseSecret: lease.leaseSecret,
        result: { ...result, objects: [object, ...rest] },
      });
    expect((await said({ ...first, size: 2101 })).status).toBe(422);
    expect((await said({ ...first, name: "../../../raw/x" })).status).toBe(422);
    expect((await said({ ...first, segments: [{ offset: 100, length: 3000, duration: 1 }] })).status).toBe(
      422,
    );
    expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
    expect(await edge.worker.succeed(task, lease, result)).toBe("done");
  });

  test("a piece of sound stays as it was pinned, and the next attempt goes on after it", async () => {
    const plan = planOf(3);
    const id = await edge.planned(ann, plan);
    const { id: task } = await edge.task(id, "audio");
    const first = leased(await edge.worker.claim(task));
    await edge.worker.pin(first, 0);
    await silence(task, 16);
    const second = leased(await edge.worker.claim(task));
    expect(second.kind === "audio" && second.pinned).toEqual({ pieces: 1, initHash: "a".repeat(64) });
    expect((await edge.worker.progress(task, first)).outcome).toBe("gone");
    const early = await edge.worker.send(`tasks/${task}/succeed`, {
      attempt: second.attempt,
      leaseSecret: second.leaseSecret,
      result: { kind: "audio", pieces: 3, cpuSeconds: 0, wallSeconds: 0 },
    });
    expect(early.status).toBe(422);
    expect(await edge.worker.succeed(task, second, await edge.worker.resultOf(second, plan))).toBe("done");
    const { rows } = await edge.sql.query(
      `SELECT attempt FROM media_objects WHERE video_id = $1 AND rendition = 'audio-0' ORDER BY index`,
      [id],
    );
    expect(rows).toEqual([{ attempt: 1 }, { attempt: 2 }, { attempt: 2 }]);
  });

  test("progress is written at most every two seconds, and never falls", async () => {
    const id = await ann.uploaded();
    const { id: task } = await edge.task(id, "plan");
    const lease = leased(await edge.worker.claim(task));
    const stored = async () =>
      (await edge.sql.query("SELECT progress FROM tasks WHERE id = $1", [task])).rows[0].progress;
    await edge.worker.progress(task, lease, { progress: 0.3 });
    expect(await stored()).toBe(0);
    await silence(task, 3);
    await edge.worker.progress(task, lease, { progress: 0.4 });
    expect(await stored()).toBe(0.4);
    await silence(task, 3);
    await edge.worker.progress(task, lease, { progress: 0.2 });
    expect(await stored()).toBe(0.4);
  });
});

test("a delete while it runs: gone for everybody, the worker is told, the objects are removed", async () => {
  const plan = planOf(3);
  const id = await edge.planned(ann, plan);
  const { id: task } = await edge.task(id, "encode", 0);
  await edge.worker.work(task, plan);
  const next = leased(await edge.worker.claim((await edge.task(id, "encode", 1)).id));
  const result = await edge.worker.resultOf(next, plan);
  const [late, gone] = await Promise.all([
    edge.worker.succeed(next.taskId, next, result),
    ann.call("DELETE", `/v1/videos/${id}`),
  ]);
  expect(["done", "gone"]).toContain(late);
  expect(gone.status).toBe(204);
  expect((await ann.call("DELETE", `/v1/videos/${id}`)).status).toBe(404);
  expect((await edge.worker.claim((await edge.task(id, "encode", 2)).id)).outcome).toBe("gone");
  await eventually(async () => {
    const source = await fetch(next.source.url);
    expect(source.status).toBe(404);
  });
  const { rows } = await edge.sql.query("SELECT used_bytes::int AS used FROM users WHERE id = $1", [
    ann.user.id,
  ]);
  expect(rows).toEqual([{ used: 0 }]);
});

test("two workers and an owner at once: no move waits for another for ever", async () => {
  const plan = planOf(8, 0);
  const second = makeWorker(edge.url, "w2");
  for (let round = 0; round < 5; round += 1) {
    const id = await edge.planned(ann, plan);
    const chunks = (await edge.tasks(id)).filter(
      ({ kind, state }) => kind === "encode" && state === "queued",
    );
    const work = chunks.map(async ({ id: task }, at) => {
      const worker = at % 2 ? second : edge.worker;
      const answer = await worker.claim(task);
      if (answer.outcome !== "leased") return answer.outcome;
      if (at === 3)
        return worker.fail(task, answer.lease, { code: "source.damaged", message: "x", retryable: false });
      return worker.succeed(task, answer.lease, await worker.resultOf(answer.lease, plan));
    });
    const gone = ann.call("DELETE", `/v1/videos/${id}`);
    expect((await gone).status).toBe(204);
    for (const outcome of await Promise.all(work)) expect(["done", "gone"]).toContain(outcome);
  }
});
