/** Fan-out and fan-in of chunks, and what races with them: retries, deletions, two workers at once. */
import { noteOf } from "@storagex/contract/media/note";
import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { ann, edge } from "../support/shared-pipeline.ts";
import { makeSilent } from "../support/silence.ts";
import { leased, makeWorker, planOf } from "../support/worker.ts";

/** Tests on the fixture that `usePipeline` installs. */
export function fanOutTests(): void {
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

    test("the workers of a machine hear of each other's work by rank, and of none that fell silent", async () => {
      const say = async (worker: string, machine: string, express: number, short = 0) => {
        const answer = await edge.worker.send("workers/neighbours", { worker, machine, express, short });
        expect(answer.status).toBe(200);
        return answer.json();
      };
      expect(await say("a", "one", 1, 2)).toEqual({ workers: 0, express: 0, short: 0 });
      expect(await say("b", "one", 0, 1)).toEqual({ workers: 1, express: 1, short: 2 });
      expect(await say("c", "another", 3)).toEqual({ workers: 0, express: 0, short: 0 });
      expect(await say("a", "one", 0)).toEqual({ workers: 1, express: 0, short: 1 });
      expect(await say("b", "one", 4)).toEqual({ workers: 1, express: 0, short: 0 });
      await edge.sql.query(
        "UPDATE worker_ranks SET seen_at = now() - interval '6 seconds' WHERE worker = 'b'",
      );
      expect(await say("a", "one", 0)).toEqual({ workers: 1, express: 0, short: 0 });
      await edge.sql.query(
        "UPDATE worker_ranks SET seen_at = now() - interval '31 seconds' WHERE worker = 'b'",
      );
      expect(await say("a", "one", 0)).toEqual({ workers: 0, express: 0, short: 0 });
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

    test("each task is handed over in its lane: what somebody waits for, audio, the rest of a clip, the rest of a film", async () => {
      const lanesOf = async (id: string) => {
        const all = (await edge.tasks(id)).filter(({ state }) => state !== "waiting");
        await edge.sent(...all.map((task) => task.id));
        const handed = all.flatMap(({ id: taskId, kind, index }) =>
          edge.bridge.messages.flatMap((message) =>
            message.taskId === taskId ? [`${kind} ${index}: ${message.lane}`] : [],
          ),
        );
        return [...new Set(handed)];
      };
      expect(await lanesOf(await edge.planned(ann, planOf(30)))).toEqual([
        ...["audio 0: audio", "encode 0: express", "encode 1: bulk", "encode 2: bulk", "encode 3: bulk"],
        "plan 0: express",
      ]);
      const clip = await edge.planned(ann, planOf(2));
      for (const index of [0, 1])
        await edge.worker.work((await edge.task(clip, "encode", index)).id, planOf(2));
      await edge.worker.work((await edge.task(clip, "audio")).id, planOf(2));
      expect(await lanesOf(clip)).toEqual([
        ...["audio 0: audio", "encode 0: express", "encode 1: short", "finish 0: short", "plan 0: express"],
      ]);
      // A video that cannot be split would occupy the lane for its whole length.
      const whole = planOf(30);
      whole.chunks = [{ index: 0, firstFrame: 0, frames: null }];
      expect(await lanesOf(await edge.planned(ann, whole))).toContain("encode 0: bulk");
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
    });

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

    test("what results note is told once, in the order it came, and a retry begins anew", async () => {
      const plan = planOf(2);
      const id = await ann.uploaded();
      const report = async (kind: string, index: number, track: number) => {
        const lease = leased(await edge.worker.claim((await edge.task(id, kind, index)).id));
        const result = await edge.worker.resultOf(lease, plan);
        const notes = [noteOf("audio.left_out", { track, codec: "AC-4" })];
        expect(await edge.worker.succeed(lease.taskId, lease, { ...result, notes })).toBe("done");
      };
      await report("plan", 0, 3);
      await report("encode", 0, 2);
      await report("encode", 1, 2);
      await report("audio", 0, 1);
      expect((await ann.video(id)).notes).toEqual(
        [3, 2, 1].map((track) => ({
          code: "audio.left_out",
          values: { codec: "AC-4", track: String(track) },
          message: `Audio track ${track} (AC-4) cannot be decoded and was left out.`,
        })),
      );
      const { id: finish } = await edge.task(id, "finish");
      const lease = leased(await edge.worker.claim(finish));
      await edge.worker.fail(finish, lease, { retryable: false });
      expect((await ann.video(id)).notes).toHaveLength(3);
      expect((await ann.call("POST", `/v1/videos/${id}/retry`)).status).toBe(202);
      expect((await ann.video(id)).notes).toEqual([]);
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

    test("playable is said once, by whoever comes last: the first chunk or the last track's first piece, ten races", async () => {
      const plan = planOf(2, 2);
      for (let round = 0; round < 10; round += 1) {
        const id = await edge.planned(ann, plan);
        const said = async () =>
          (
            await edge.sql.query(
              `SELECT playable_at IS NOT NULL AS playable, (SELECT count(*)::int FROM events
                 WHERE video_id = videos.id AND type = 'video.playable' AND seq <= videos.seq) AS events
               FROM videos WHERE id = $1`,
              [id],
            )
          ).rows;
        const [chunk, first, second] = await Promise.all(
          [["encode", 0] as const, ["audio", 0] as const, ["audio", 1] as const].map(async ([kind, index]) =>
            leased(await edge.worker.claim((await edge.task(id, kind, index)).id)),
          ),
        );
        if (!chunk || !first || !second) throw new Error("not leased");
        await edge.worker.pin(first, 0);
        const result = await edge.worker.resultOf(chunk, plan);
        expect(await said()).toEqual([{ playable: false, events: 0 }]);
        await Promise.all([edge.worker.pin(second, 0), edge.worker.succeed(chunk.taskId, chunk, result)]);
        expect(await said()).toEqual([{ playable: true, events: 1 }]);
        await edge.worker.pin(second, 1);
        expect(await said()).toEqual([{ playable: true, events: 1 }]);
      }
    });

    test("a piece of sound stays as it was pinned, and the next attempt goes on after it", async () => {
      const plan = planOf(3);
      const id = await edge.planned(ann, plan);
      const { id: task } = await edge.task(id, "audio");
      const first = leased(await edge.worker.claim(task));
      await edge.worker.pin(first, 0);
      await makeSilent(task, 16);
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
      // It was written just now, however long the call takes.
      await makeSilent(task, -600);
      await edge.worker.progress(task, lease, { progress: 0.3 });
      expect(await stored()).toBe(0);
      await makeSilent(task, 603);
      await edge.worker.progress(task, lease, { progress: 0.4 });
      expect(await stored()).toBe(0.4);
      await makeSilent(task, 3);
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
}
