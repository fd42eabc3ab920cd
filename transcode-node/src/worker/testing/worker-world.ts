/**
 * What a test of worker processes needs: queues, an API stand-in, a scratch folder and the processes it
 * starts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskMessage } from "@storagex/contract/tasks/message";
import { connect } from "amqplib";
import { expect } from "vitest";
import { COMPILE_CACHE } from "../../../../stack/paths.ts";
import { DEAD_QUEUE, TASK_QUEUE } from "../../broker/topology.ts";
import { eventually } from "../../testing/eventually.ts";
import type { Queues } from "../../testing/real-broker.ts";
import { type ApiStandIn, planMessage, startApiStandIn } from "./api-stand-in.ts";

const ENTRY = join(import.meta.dirname, "patient-worker.ts");

/** Opens a world on queues that no other test uses; disposing of it kills its processes. */
export async function openWorkerWorld(queues: Queues) {
  const api: ApiStandIn = await startApiStandIn();
  const folder = await mkdtemp(join(tmpdir(), "storagex-worker-"));
  const children: ChildProcess[] = [];

  function startWorker(name: string, env: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [ENTRY], {
      env: {
        PATH: process.env.PATH,
        AMQP_URL: queues.amqpUrl,
        EDGE_API_URL: api.url,
        WORKER_NAME: name,
        WORKER_CREDENTIAL: "w1.0123456789abcdef",
        WORKER_SCRATCH: join(folder, name),
        WORKER_SLOTS: "1",
        LOG_LEVEL: "fatal",
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...env,
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    children.push(child);
    return child;
  }

  /** Sends `message` to `queue` once it exists: a worker declares it. */
  async function publish(message: unknown, queue = TASK_QUEUE): Promise<void> {
    await eventually("queues are there", () =>
      queues.depth(queue).then(
        () => true,
        () => false,
      ),
    );
    const connection = await connect(queues.amqpUrl);
    const channel = await connection.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(message)), { persistent: true });
    await channel.waitForConfirms();
    await connection.close();
  }

  /**
   * Starts a worker and waits until it has said hello; then publishes a task. `STEP_MS` sets how long its
   * step takes.
   */
  async function taskAt(name: string, env: Record<string, string> = {}) {
    const message = planMessage();
    const child = startWorker(name, env);
    await eventually("the worker is there", () => api.hellos.includes(name));
    await publish(message);
    return { child, message };
  }

  /** The same with a step that goes on until `finish` is called. */
  async function longTaskAt(name: string) {
    const file = join(folder, `${name}-goes-on`);
    await writeFile(file, "");
    return { ...(await taskAt(name, { PLAN_LASTS: file })), finish: () => rm(file) };
  }

  return {
    api,
    folder,
    amqpUrl: queues.amqpUrl,
    startWorker,
    publish,
    taskAt,
    longTaskAt,
    claimsOf: ({ taskId }: TaskMessage) => api.claims.filter((claim) => claim.taskId === taskId),
    reportsOf: ({ taskId }: TaskMessage) => api.progress.filter((report) => report.taskId === taskId),
    succeeded: ({ taskId }: TaskMessage) => api.succeeded.some((report) => report.taskId === taskId),
    consumers: () => queues.consumers(TASK_QUEUE),
    expectQueuesEmpty: async () => {
      await eventually("queues empty", async () => (await queues.depth(TASK_QUEUE)) === 0);
      expect(await queues.depth(DEAD_QUEUE)).toBe(0);
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
