/**
 * Lanes as real worker processes on a real RabbitMQ with a real FFmpeg: which tasks are claimed, stopped and
 * handed back.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lane } from "@storagex/contract/tasks/kinds";
import type { TaskMessage } from "@storagex/contract/tasks/message";
import { connect } from "amqplib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { COMPILE_CACHE } from "../../../stack/paths.ts";
import { queueOf, TASK_QUEUES } from "../broker/topology.ts";
import { eventually } from "../testing/eventually.ts";
import { filmPlan } from "../testing/film-plan.ts";
import { type RealBroker, startBroker } from "../testing/real-broker.ts";
import { type ApiStandIn, planMessage, startApiStandIn } from "./testing/api-stand-in.ts";

const ENTRY = join(import.meta.dirname, "testing/patient-worker.ts");
let rabbit: RealBroker;
let api: ApiStandIn;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  rabbit = await startBroker();
});
afterAll(() => rabbit.stop());
beforeEach(async () => {
  api = await startApiStandIn();
  folder = await mkdtemp(join(tmpdir(), "storagex-lanes-"));
  writeFileSync(endOf("bulk"), "");
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  for (const queue of TASK_QUEUES) await rabbit.purge(queue);
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

/** A chunk of this worker continues while the file exists. */
const endOf = (worker: string) => join(folder, `${worker}-goes-on`);

async function startWorkerProcess(name: string, env: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      ...{ PATH: process.env.PATH, AMQP_URL: rabbit.amqpUrl, EDGE_API_URL: api.url, WORKER_NAME: name },
      ...{ WORKER_CREDENTIAL: "w1.0123456789abcdef", WORKER_SCRATCH: join(folder, name), LOG_LEVEL: "fatal" },
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...{ WORKER_SLOTS: "1", STEP_LASTS: endOf("bulk"), STEP_MS: "300", ...env },
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.push(child);
  await eventually("the worker consumes", async () => {
    const consumers = await Promise.all(TASK_QUEUES.map((queue) => rabbit.consumers(queue))).catch(() => []);
    return consumers.length > 0 && consumers.every((count) => count > 0);
  });
  return child;
}

async function publish(lane: Lane, message: TaskMessage): Promise<TaskMessage> {
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(queueOf(lane), Buffer.from(JSON.stringify(message)), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  return message;
}

/** A film's second chunk, whose FFmpeg runs until the test lets it end. */
function bulkChunk(size?: [number, number]): TaskMessage {
  const message: TaskMessage = { ...planMessage(), kind: "encode", index: 1 };
  api.chunks.set(message.taskId, { plan: filmPlan(300, size), index: 1 });
  return message;
}

const claimsOf = ({ taskId }: TaskMessage) => api.claims.filter((claim) => claim.taskId === taskId);
const succeeded = ({ taskId }: TaskMessage) => api.succeeded.some((report) => report.taskId === taskId);

/** States of the chunks' FFmpeg processes (proc(5)): R or S running, T stopped. */
function states(): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "latin1") : "";
      if (!command.startsWith("ffmpeg") || !command.includes(`title=${endOf("bulk")}`)) return [];
      return [readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.[0] ?? ""];
    } catch {
      return [];
    }
  });
}
const isAtWork = () => states().some((state) => state !== "T");

test("a plan is claimed while the bulk is full, which stands still until it is done, and is not blamed for it", async () => {
  // Limits far shorter than the stop: stopped time counts neither as a stall nor as wall time, nor against
  // the lease.
  api.hardLimitSeconds = 3;
  await startWorkerProcess("w1", { STEP_MS: "6000", STEP_WALL: "3" });
  const chunk = await publish("bulk", bulkChunk());
  const waiting = await publish("bulk", bulkChunk());
  await eventually("the chunk is at work", isAtWork);
  api.hardLimitSeconds = 60;
  const plan = await publish("express", planMessage());
  await eventually("stopped", () => states().join() === "T");
  expect(claimsOf(plan)).toHaveLength(1);
  expect(claimsOf(waiting)).toEqual([]);
  await eventually("planned", () => succeeded(plan));
  await eventually("goes on", isAtWork);
  expect(claimsOf(chunk)).toHaveLength(1);
  expect(api.failed).toEqual([]);
  const reports = api.progress.filter((report) => report.taskId === chunk.taskId).length;
  expect(reports, "the lease was reported for while its work stood still").toBeGreaterThan(3);
  await rm(endOf("bulk"));
  await eventually("both chunks are done", () => succeeded(chunk) && succeeded(waiting));
});

test("the bulk stands still for the express work of another worker on the machine, and no longer", async () => {
  api.neighbours = { workers: 1, express: 0, short: 0 };
  await startWorkerProcess("w1");
  const chunk = await publish("bulk", bulkChunk());
  await eventually("the chunk is at work", isAtWork);
  api.neighbours = { workers: 1, express: 1, short: 0 };
  await eventually("stopped", () => states().join() === "T");
  api.neighbours = { workers: 1, express: 0, short: 0 };
  await eventually("goes on", isAtWork);
  api.neighbours = { workers: 1, express: 0, short: 1 };
  await eventually("stopped for what is left of a clip", () => states().join() === "T");
  api.broken.status = 503;
  await eventually("goes on where nobody tells of it any more", isAtWork);
  api.broken.status = null;
  api.neighbours = { workers: 1, express: 0, short: 0 };
  const plan = await publish("express", planMessage());
  await eventually("its own express work is told", () => api.ranks.some(({ express }) => express === 1));
  await eventually("planned", () => succeeded(plan));
  expect(new Set(api.ranks.map(({ machine }) => machine)).size).toBe(1);
  await rm(endOf("bulk"));
  await eventually("done", () => succeeded(chunk));
});

test("a worker killed while its bulk stands still leaves no process behind, and both messages come again", async () => {
  const child = await startWorkerProcess("w1", { STEP_MS: "600000" });
  const chunk = await publish("bulk", bulkChunk());
  await eventually("the chunk is at work", isAtWork);
  const plan = await publish("express", planMessage());
  await eventually("stopped", () => states().join() === "T");
  child.kill("SIGKILL");
  await eventually("its FFmpeg is gone", () => states().length === 0);
  await startWorkerProcess("w2");
  await rm(endOf("bulk"));
  await eventually("done elsewhere", () => succeeded(plan) && succeeded(chunk));
  for (const message of [plan, chunk])
    expect(claimsOf(message).at(-1)).toMatchObject({ worker: "w2", redelivered: true });
});

test("a shutdown while the bulk stands still hands it back, and ends", async () => {
  const child = await startWorkerProcess("w1", { STEP_MS: "600000" });
  const chunk = await publish("bulk", bulkChunk());
  await eventually("the chunk is at work", isAtWork);
  await publish("express", planMessage());
  await eventually("stopped", () => states().join() === "T");
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  expect((await exit)[0]).toBe(0);
  await eventually("its FFmpeg is gone", () => states().length === 0);
  expect(api.failed).toMatchObject([
    { handBack: true, retryable: true },
    { handBack: true, retryable: true },
  ]);
  expect(api.failed.map(({ taskId }) => taskId)).toContain(chunk.taskId);
});

test("a first chunk that memory does not hold beside the bulk takes its place: the bulk is handed back, uncounted", async () => {
  await startWorkerProcess("w1", { WORKER_MEMORY_BYTES: String(2 ** 31) });
  const chunk = await publish("bulk", bulkChunk([3840, 2160]));
  await eventually("the chunk is at work", isAtWork);
  const first: TaskMessage = { ...planMessage(), kind: "encode", index: 0 };
  api.chunks.set(first.taskId, { plan: filmPlan(10, [3840, 2160]), index: 0 });
  await publish("express", first);
  await eventually("handed back", () => api.failed.length === 1);
  expect(api.failed).toMatchObject([{ taskId: chunk.taskId, handBack: true, retryable: true }]);
  await eventually("the first chunk has its memory", isAtWork);
  await rm(endOf("bulk"));
  await eventually("done", () => succeeded(first));
});

test("what lies in the only queue of an earlier release is taken, in its rank", async () => {
  await startWorkerProcess("w1");
  const chunk = await publish("bulk", bulkChunk());
  await eventually("the chunk is at work", isAtWork);
  const old = await publish("bulk", planMessage());
  await rm(endOf("bulk"));
  await eventually("both done", () => succeeded(chunk) && succeeded(old));
});
