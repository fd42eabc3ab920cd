/** The edge with a bridge that accepts everything, and shortcuts for the pipeline's tests. */
import type { CutPlan } from "@storagex/contract/tasks/plan";
import { type Bridge, startBridge } from "./bridge.ts";
import { eventually } from "./eventually.ts";
import { type Edge, startEdge } from "./harness.ts";
import { newPerson, newPersonByRows, type Person } from "./person.ts";
import { plainWorkerd } from "./runtimes.ts";
import { makeWorker, planOf, type Worker } from "./worker.ts";

export type Task = {
  id: string;
  kind: string;
  index: number;
  state: string;
  failures: number;
  attempt: number;
};
export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** `bindings` and `prepare` as of `startEdge`. */
export async function startPipeline(
  bindings: Record<string, string> = {},
  prepare?: (databaseUrl: string) => Promise<void>,
) {
  const bridge: Bridge = await startBridge();
  const edge: Edge = await startEdge({ BRIDGE_URL: bridge.url, ...bindings }, plainWorkerd, prepare).catch(
    async (error: unknown) => {
      await bridge.stop();
      throw error;
    },
  );
  bridge.trust(edge.signingKeys);
  const worker: Worker = makeWorker(edge.url);

  /** The tasks of a video's newest generation, in order. */
  async function tasks(videoId: string): Promise<Task[]> {
    const { rows } = await edge.sql.query<Task>(
      `SELECT tasks.id, kind, index, state, failures, attempt FROM tasks JOIN videos ON videos.id = video_id
       WHERE video_id = $1 AND tasks.generation = videos.generation ORDER BY kind, index`,
      [videoId],
    );
    return rows;
  }

  async function task(videoId: string, kind: string, index = 0): Promise<Task> {
    const found = (await tasks(videoId)).find((row) => row.kind === kind && row.index === index);
    if (!found) throw new Error(`no ${kind} ${index} of ${videoId}`);
    return found;
  }

  /** A video whose plan has succeeded. */
  async function planned(person: Person, plan: CutPlan = planOf(2)): Promise<string> {
    const id = await person.uploaded();
    await worker.work((await task(id, "plan")).id, plan);
    return id;
  }

  /** Completes every task of a video as it appears, to the end. */
  async function completed(person: Person, plan: CutPlan = planOf(2)): Promise<string> {
    const id = await planned(person, plan);
    await eventually(async () => {
      for (const { id: taskId, state } of await tasks(id))
        if (state === "queued") await worker.work(taskId, plan);
      if ((await person.video(id)).status !== "completed") throw new Error("not completed yet");
    });
    return id;
  }

  /** Resolves when the edge has recorded that the bridge has these tasks (after the bridge's answer). */
  const sent = (...taskIds: string[]) =>
    eventually(async () => {
      const { rows } = await edge.sql.query(
        "SELECT 1 FROM outbox WHERE task_id = ANY($1) GROUP BY task_id HAVING bool_and(sent_at IS NOT NULL)",
        [taskIds],
      );
      if (rows.length < taskIds.length) throw new Error(`${rows.length} of ${taskIds.length} tasks sent`);
    });

  /** How many messages of a task reached the bridge. */
  const handed = (taskId: string) => bridge.messages.filter((message) => message.taskId === taskId).length;

  return {
    ...edge,
    bridge,
    worker,
    person: () => newPersonByRows(edge),
    /** Who has a password, and whose registration is in the audit log. */
    registered: () => newPerson(edge.url),
    tasks,
    task,
    planned,
    completed,
    handed,
    sent,
    stop: async () => {
      await edge.stop();
      await bridge.stop();
    },
  };
}
