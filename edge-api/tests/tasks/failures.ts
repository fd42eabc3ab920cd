/** Failures: retries, dead letters, lost workers. */
import { describe, expect, test } from "vitest";
import { problemOf } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { ann, edge } from "../support/shared-pipeline.ts";
import { makeSilent } from "../support/silence.ts";
import { leased, planOf } from "../support/worker.ts";

/** Tests on the fixture that `usePipeline` installs. */
export function failureTests(): void {
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
        // A second message for it arrives before its delay is over.
        expect((await edge.worker.claim(task)).outcome).toBe("busy");
        await edge.sql.query("UPDATE outbox SET sent_at = now() WHERE task_id = $1", [task]);
        await edge.sql.query("UPDATE tasks SET published_at = now() WHERE id = $1", [task]);
      }
      const last = leased(await edge.worker.claim(task));
      expect(await edge.worker.fail(task, last)).toBe("done");
      expect(await ann.video(id)).toMatchObject({
        status: "failed",
        error: { code: "transcoder.gave_up", message: expect.stringContaining("did not succeed") },
      });
    });

    test("of an object store that is away are tried again each minute, uncounted for half a day", async () => {
      const id = await edge.planned(ann, planOf(1));
      const { id: task } = await edge.task(id, "encode", 0);
      const fail = async (more: Record<string, unknown>) => {
        await edge.sql.query("UPDATE tasks SET published_at = now() WHERE id = $1", [task]);
        await edge.sql.query("UPDATE outbox SET sent_at = now() WHERE task_id = $1", [task]);
        expect(await edge.worker.fail(task, leased(await edge.worker.claim(task)), more)).toBe("done");
        const { rows } = await edge.sql.query(
          `SELECT failures, state, (SELECT round(extract(epoch FROM max(due_at) - now()) / 10)::int * 10 FROM outbox
             WHERE task_id = $1 AND sent_at IS NULL) AS wait FROM tasks WHERE id = $1`,
          [task],
        );
        return rows[0];
      };
      const away = { code: "transcoder.upload_failed", storeAway: true };
      for (let round = 0; round < 6; round += 1)
        expect(await fail(away)).toEqual({ failures: 0, state: "queued", wait: 60 });
      // Whoever looks sees that it is tried again.
      expect((await ann.video(id)).processing?.retries).toBe(1);
      await edge.sql.query("UPDATE tasks SET store_away_since = now() - interval '13 hours' WHERE id = $1", [
        task,
      ]);
      expect(await fail(away)).toMatchObject({ failures: 1 });
      expect(await fail(away), "the same outage").toMatchObject({ failures: 2 });
      expect(await fail({ code: "source.unreadable" })).toMatchObject({ failures: 3 });
      expect(await fail(away), "another outage").toMatchObject({ failures: 3, wait: 60 });
      expect(await fail({ code: "source.unreadable" })).toMatchObject({ state: "failed" });
      expect((await ann.video(id)).error).toMatchObject({ code: "transcoder.gave_up" });
    });

    test("of ours to answer a claim count, too: a plan that nobody can read does not go round for ever", async () => {
      const id = await edge.planned(ann, planOf(1, 0));
      const { id: task } = await edge.task(id, "encode", 0);
      await edge.sql.query("UPDATE videos SET plan = plan || $2 WHERE id = $1", [id, '{"rungs": 1}']);
      for (let failures = 1; failures <= 4; failures += 1) {
        await edge.sql.query("UPDATE tasks SET published_at = now() WHERE id = $1", [task]);
        await expect(edge.worker.claim(task)).rejects.toThrow();
        const { rows } = await edge.sql.query(
          `SELECT tasks.state, failures, interruptions, videos.status, error_code FROM tasks JOIN videos ON videos.id = video_id
           WHERE tasks.id = $1`,
          [task],
        );
        const isLast = failures === 4;
        expect(rows).toEqual([
          {
            state: isLast ? "failed" : "queued",
            failures: Math.min(failures, 3),
            interruptions: 0,
            status: isLast ? "failed" : "processing",
            error_code: isLast ? "transcoder.gave_up" : null,
          },
        ]);
      }
    });

    test("that repeat with the same cause end at the second try, with the track named", async () => {
      const id = await edge.planned(ann, planOf(1));
      const { id: task } = await edge.task(id, "encode", 0);
      const crash = {
        code: "transcoder.crashed",
        message: "x",
        cause: "abc",
        detail: { track: "video", codec: "hevc" },
      };
      const fail = async (more: Record<string, unknown>) => {
        await edge.sql.query("UPDATE tasks SET published_at = now() WHERE id = $1", [task]);
        const lease = leased(await edge.worker.claim(task));
        expect(await edge.worker.fail(task, lease, { ...crash, ...more })).toBe("done");
      };
      await fail({});
      expect((await ann.video(id)).processing?.retries).toBe(1);
      await fail({ cause: "other" });
      expect((await ann.video(id)).status, "another cause: another try").toBe("processing");
      await fail({ cause: "other" });
      expect(await ann.video(id)).toMatchObject({
        status: "failed",
        error: {
          code: "transcoder.crashed",
          message: expect.stringMatching(/^The encoder failed at the video \(HEVC\) twice in the same way/),
        },
      });
    });

    test("name the codec where the worker does, and nothing that is not a codec's name", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      const lease = leased(await edge.worker.claim(task));
      const report = { code: "source.unsupported_codec", message: "x", retryable: false };
      const said = (codec: string) => ({ ...report, detail: { track: "audio", number: 2, codec } });
      const odd = { attempt: lease.attempt, leaseSecret: lease.leaseSecret, ...said("<script> /tmp/x") };
      expect((await edge.worker.send(`tasks/${task}/fail`, odd)).status).toBe(422);
      expect(await edge.worker.fail(task, lease, said("wavpack"))).toBe("done");
      expect((await ann.video(id)).error?.message).toMatch(
        /^Audio track 2 \(WavPack\) is in a format we do not decode/,
      );
    });

    test("wait their time also where an older message of the task is handed over meanwhile", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      await edge.sent(task);
      await edge.sql.query("UPDATE tasks SET failures = 2 WHERE id = $1", [task]);
      const lease = leased(await edge.worker.claim(task));
      expect(await edge.worker.fail(task, lease)).toBe("done");
      await edge.sql.query("INSERT INTO outbox (task_id) VALUES ($1)", [task]);
      await eventually(async () => {
        const { rows } = await edge.sql.query(
          "SELECT 1 FROM outbox WHERE task_id = $1 AND sent_at IS NOT NULL",
          [task],
        );
        expect(rows).toHaveLength(2);
      });
      expect(edge.handed(task)).toBe(2);
      expect((await edge.worker.claim(task)).outcome).toBe("busy");
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

    test("of the database to hold a result end the video at once, with a reason: half a character in a track's name", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      const plan = planOf(1);
      const lease = leased(await edge.worker.claim(task));
      const { attempt, leaseSecret } = lease;
      const audio = plan.source.audio.map((track) => ({ ...track, label: "Commentary \ud83d" }));
      const odd = { ...plan, source: { ...plan.source, audio } };
      const result = await edge.worker.resultOf(lease, odd);
      const answer = await edge.worker.send(`tasks/${task}/succeed`, { attempt, leaseSecret, result });
      expect(await problemOf(answer)).toMatchObject({ status: 422, code: "report.unstorable" });
      expect(await ann.video(id)).toMatchObject({
        status: "failed",
        error: { code: "source.unstorable", message: expect.stringContaining("Export it again") },
      });
      expect(await edge.worker.fail(task, lease)).toBe("gone");
      expect((await edge.worker.claim(task)).outcome).toBe("gone");
    });

    test("handed back at a shutdown are not counted and go out again at once", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      await eventually(async () => expect(edge.handed(task)).toBe(1));
      for (let round = 0; round < 6; round += 1) {
        const lease = leased(await edge.worker.claim(task));
        expect(await edge.worker.fail(task, lease, { handBack: true })).toBe("done");
        await eventually(async () => expect(edge.handed(task)).toBe(round + 2));
      }
      const { rows } = await edge.sql.query("SELECT failures, interruptions FROM tasks WHERE id = $1", [
        task,
      ]);
      expect(rows).toEqual([{ failures: 0, interruptions: 0 }]);
    });

    test("five claims without a report end it, and say that workers went away", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      for (let round = 0; round < 5; round += 1) {
        leased(await edge.worker.claim(task));
        await makeSilent(task, 16);
      }
      expect((await edge.worker.claim(task)).outcome).toBe("gone");
      expect((await ann.video(id)).error).toMatchObject({ code: "transcoder.interrupted" });
    });

    test("a dead letter ends the task only where no lease lives", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      const lease = leased(await edge.worker.claim(task));
      const bury = () =>
        edge.worker.send(`tasks/${task}/dead`, { kind: "plan", reason: "delivered 20 times" });
      expect((await bury()).status).toBe(204);
      expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
      await makeSilent(task, 16);
      expect((await bury()).status).toBe(204);
      expect(await ann.video(id)).toMatchObject({ status: "failed", error: { code: "transcoder.gave_up" } });
    });

    test("a retry starts the next generation from nothing; only a failed video takes one", async () => {
      const id = await edge.planned(ann, planOf(2));
      expect((await ann.call("POST", `/v1/videos/${id}/retry`)).status).toBe(409);
      const chunk = await edge.task(id, "encode", 0);
      await edge.worker.work(chunk.id, planOf(2));
      expect(await ann.video(id), "a first chunk's poster").toMatchObject({ poster: expect.any(String) });
      const other = await edge.task(id, "encode", 1);
      const lease = leased(await edge.worker.claim(other.id));
      await edge.worker.fail(other.id, lease, { code: "source.damaged", message: "x", retryable: false });
      const answers = await Promise.all([1, 2, 3].map(() => ann.call("POST", `/v1/videos/${id}/retry`)));
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
      expect(await ann.video(id)).toMatchObject({
        status: "queued",
        error: null,
        progress: 0,
        renditions: [],
        poster: null,
      });
      expect((await edge.tasks(id)).map(({ kind, state }) => [kind, state])).toEqual([["plan", "queued"]]);
      const { rows } = await edge.sql.query(
        `SELECT generation, stored_bytes::int AS stored, (SELECT used_bytes::int FROM users WHERE id = owner_id) AS used,
         (SELECT count(*)::int FROM media_objects WHERE video_id = videos.id) AS media FROM videos WHERE id = $1`,
        [id],
      );
      expect(rows).toEqual([{ generation: 2, stored: 1000, used: 1000, media: 0 }]);
    });
  });
}
