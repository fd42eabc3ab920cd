/** The workers' routes, and who may hold a task's lease: leases, takeovers, fencing. */
import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { ann, edge } from "../support/shared-pipeline.ts";
import { makeSilent } from "../support/silence.ts";
import { sweepNow } from "../support/sweep-now.ts";
import { leased, planOf } from "../support/worker.ts";

/** Tests on the fixture that `usePipeline` installs. */
export function claimTests(): void {
  describe("a worker's route", () => {
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

    test.each(["nothing", "%00", "00000000-0000-4000-8000-000000000000"])(
      "task %j is gone",
      async (taskId) => {
        const proof = { attempt: 1, leaseSecret: "x".repeat(22) };
        expect(await edge.worker.claim(taskId)).toEqual({ outcome: "gone" });
        expect(await edge.worker.progress(taskId, proof)).toEqual({ outcome: "gone" });
        expect(await edge.worker.fail(taskId, proof)).toBe("gone");
        const result = { kind: "audio" as const, pieces: 1, cpuSeconds: 0, wallSeconds: 0 };
        expect(await edge.worker.succeed(taskId, proof, result)).toBe("gone");
        const dead = await edge.worker.send(`tasks/${taskId}/dead`, { kind: "plan", reason: "lost" });
        expect(dead.status).toBe(204);
      },
    );
  });

  describe("a claim", () => {
    test("leases once; a second one is told busy, and the video is processing", async () => {
      const id = await ann.uploaded(1000);
      const plan = await edge.task(id, "plan");
      // Its parts are one object, which a lease opens.
      await eventually(async () => {
        const { rows } = await edge.sql.query("SELECT source_etag AS etag FROM videos WHERE id = $1", [id]);
        expect(rows).toEqual([{ etag: expect.any(String) }]);
      });
      const answers = await Promise.all(Array.from({ length: 5 }, () => edge.worker.claim(plan.id)));
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual([
        "busy",
        "busy",
        "busy",
        "busy",
        "leased",
      ]);
      expect(await ann.video(id)).toMatchObject({ status: "processing", queuePosition: null });
      const lease = answers
        .map((answer) => (answer.outcome === "leased" ? answer.lease : null))
        .find(Boolean);
      expect(lease).toMatchObject({ kind: "plan", attempt: 1, generation: 1 });
      const source = await fetch(lease?.source.url ?? "", {
        headers: { "if-match": `"${lease?.source.etag}"` },
      });
      expect((await source.arrayBuffer()).byteLength).toBe(1000);
    });

    test("takes over after the lease, or after 6 s of silence where the broker lost the worker", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      await edge.worker.claim(task);
      await makeSilent(task, 5);
      expect((await edge.worker.claim(task, true)).outcome).toBe("busy");
      await makeSilent(task, 2);
      expect((await edge.worker.claim(task, false)).outcome).toBe("busy");
      expect(leased(await edge.worker.claim(task, true)).attempt).toBe(2);
      await makeSilent(task, 16);
      expect(leased(await edge.worker.claim(task, false)).attempt).toBe(3);
    });

    test("whose answer was lost is no interruption, and leaves no valid lease; what was answered is nobody else's", async () => {
      const { id: task } = await edge.task(await ann.uploaded(), "plan");
      const [lost, received, other, elsewhere] = ["l", "r", "o", "e"].map((letter) => letter.repeat(22)) as [
        ...[string, string, string, string],
      ];
      const first = leased(await edge.worker.claim(task, false, { claimId: lost }));
      expect((await edge.worker.claim(task, false, { claimId: other })).outcome).toBe("busy");
      const again = { claimId: received, unanswered: [elsewhere, lost] };
      const second = leased(await edge.worker.claim(task, false, again));
      expect(second.attempt).toBe(2);
      expect(await edge.worker.progress(task, first)).toEqual({ outcome: "gone" });
      // The lost request arrives late, and so does a copy of the message.
      expect((await edge.worker.claim(task, false, { claimId: lost })).outcome).toBe("busy");
      expect((await edge.worker.claim(task, false, { ...again, claimId: other })).outcome).toBe("busy");
      expect((await edge.worker.progress(task, second)).outcome).toBe("held");
      const counted = () => edge.sql.query("SELECT interruptions, attempt FROM tasks WHERE id = $1", [task]);
      expect((await counted()).rows).toEqual([{ interruptions: 0, attempt: 2 }]);
      // Its worker dies: that is one.
      await makeSilent(task, 16);
      leased(await edge.worker.claim(task, false, { claimId: other, unanswered: [elsewhere] }));
      expect((await counted()).rows).toEqual([{ interruptions: 1, attempt: 3 }]);
    });

    test("fences the older attempt off, and every other secret", async () => {
      const id = await ann.uploaded();
      const other = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      const { id: elsewhere } = await edge.task(other, "plan");
      const first = leased(await edge.worker.claim(task));
      const foreign = leased(await edge.worker.claim(elsewhere));
      await makeSilent(task, 16);
      const second = leased(await edge.worker.claim(task));
      for (const proof of [
        first,
        { ...second, leaseSecret: foreign.leaseSecret },
        { ...first, attempt: 2 },
      ]) {
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

    test("that cannot be answered is taken back, and counts as a failure and nobody's loss", async () => {
      const id = await edge.planned(ann, planOf(1, 0));
      const { id: task } = await edge.task(id, "encode");
      const { rows } = await edge.sql.query("SELECT plan FROM videos WHERE id = $1", [id]);
      await edge.sql.query("UPDATE videos SET plan = plan - 'rungs' WHERE id = $1", [id]);
      const answer = await edge.worker.send(`tasks/${task}/claim`, {
        worker: "w",
        redelivered: false,
        readsParts: true,
      });
      expect(answer.status).toBe(500);
      await edge.sql.query("UPDATE videos SET plan = $2 WHERE id = $1", [id, rows[0].plan]);
      expect((await edge.task(id, "encode")).state).toBe("queued");
      const counted = await edge.sql.query("SELECT failures, interruptions FROM tasks WHERE id = $1", [task]);
      expect(counted.rows).toEqual([{ failures: 1, interruptions: 0 }]);

      await edge.sql.query("UPDATE tasks SET published_at = now() WHERE id = $1", [task]);
      await edge.sql.query("DELETE FROM outbox WHERE task_id = $1", [task]);
      const lease = leased(await edge.worker.claim(task));
      // A task that the worker cannot read is handed back, its message parked: no second message is written.
      const handed = edge.handed(task);
      expect(await edge.worker.fail(task, lease, { handBack: true, parked: true })).toBe("done");
      await sweepNow(edge);
      expect(edge.handed(task)).toBe(handed);
    });

    test("that ran out but was not overtaken still counts", async () => {
      const id = await ann.uploaded();
      const { id: task } = await edge.task(id, "plan");
      const lease = leased(await edge.worker.claim(task));
      await makeSilent(task, 600);
      expect((await edge.worker.progress(task, lease)).outcome).toBe("held");
      await makeSilent(task, 600);
      expect(await edge.worker.succeed(task, lease, await edge.worker.resultOf(lease, planOf(1)))).toBe(
        "done",
      );
    });
  });
}
