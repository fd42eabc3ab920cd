/** The worker's loop as real processes on a real RabbitMQ: no message is lost, no work is done twice for nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskMessage } from "@storagex/contract/task";
import { connect } from "amqplib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { DEAD_QUEUE, TASK_QUEUE } from "../broker/topology.ts";
import { eventually } from "../testing/eventually.ts";
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
  folder = await mkdtemp(join(tmpdir(), "storagex-worker-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  // What a test left in hand has come back by now; the next one must not meet it.
  await rabbit.purge(TASK_QUEUE);
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

function startWorkerProcess(name: string, env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      PATH: process.env.PATH,
      AMQP_URL: rabbit.amqpUrl,
      EDGE_API_URL: api.url,
      WORKER_NAME: name,
      WORKER_CREDENTIAL: "w1.0123456789abcdef",
      WORKER_SCRATCH: join(folder, name),
      WORKER_SLOTS: "1",
      LOG_LEVEL: "fatal",
      ...env,
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.push(child);
  return child;
}

async function publish(message: unknown): Promise<void> {
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(TASK_QUEUE, Buffer.from(JSON.stringify(message)), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
}

/** Starts a worker and waits until it consumes; then publishes a task of `STEP_MS`. */
async function taskAt(name: string, env: Record<string, string> = {}) {
  const message = planMessage();
  const child = startWorkerProcess(name, env);
  await eventually("the worker consumes", () => api.hellos.includes(name));
  await eventually("queues are there", () =>
    rabbit.depth(TASK_QUEUE).then(
      () => true,
      () => false,
    ),
  );
  await publish(message);
  return { child, message };
}
const claimsOf = ({ taskId }: TaskMessage) => api.claims.filter((claim) => claim.taskId === taskId);
const succeeded = ({ taskId }: TaskMessage) => api.succeeded.some((report) => report.taskId === taskId);
async function expectQueuesEmpty() {
  await eventually("queues empty", async () => (await rabbit.depth(TASK_QUEUE)) === 0);
  expect(await rabbit.depth(DEAD_QUEUE)).toBe(0);
}

test("a task is claimed, reported each second and succeeds; its scratch folder is gone", async () => {
  await mkdir(join(folder, "w1", "attempt-of-a-dead-worker"), { recursive: true });
  const { message } = await taskAt("w1", { STEP_MS: "2500" });
  await eventually("succeeded", () => succeeded(message));
  const reports = api.progress.filter((report) => report.taskId === message.taskId);
  expect(reports.length).toBeGreaterThanOrEqual(2);
  expect(reports.at(-1)?.progress).toBeGreaterThan(0.3);
  expect(claimsOf(message)).toMatchObject([{ worker: "w1", redelivered: false }]);
  expect(await readdir(join(folder, "w1"))).toEqual([]);
  await expectQueuesEmpty();
});

test("busy: parked for 5 s, then taken; gone: acknowledged and forgotten", async () => {
  startWorkerProcess("w1");
  const busy = planMessage();
  const gone = planMessage();
  api.nextClaim.set(busy.taskId, ["busy"]);
  api.nextClaim.set(gone.taskId, ["gone"]);
  await eventually("queues are there", () =>
    rabbit.depth(TASK_QUEUE).then(
      () => true,
      () => false,
    ),
  );
  await publish(busy);
  await publish(gone);
  await eventually("taken after all", () => succeeded(busy), 15_000);
  const [first, second] = claimsOf(busy);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(4_500);
  expect(claimsOf(gone)).toHaveLength(1);
  await expectQueuesEmpty();
});

test("a lease that cannot be read is handed back uncounted, and taken when it can be", async () => {
  startWorkerProcess("w1");
  await eventually("queues are there", () =>
    rabbit.depth(TASK_QUEUE).then(
      () => true,
      () => false,
    ),
  );
  const message = planMessage();
  api.unreadable.add(message.taskId);
  await publish(message);
  await eventually("handed back", () => api.failed.length === 1);
  expect(api.failed[0]).toMatchObject({ taskId: message.taskId, attempt: 1, handBack: true, parked: true });
  api.unreadable.delete(message.taskId);
  await eventually("taken after all", () => succeeded(message), 15_000);
  expect(claimsOf(message)).toHaveLength(2);
  await expectQueuesEmpty();
});

test("a worker killed in the middle: another gets the message at once, and it stays redelivered when parked", async () => {
  const { child, message } = await taskAt("w1", { STEP_MS: "60000" });
  await eventually("claimed", () => claimsOf(message).length === 1);
  // The dead worker's lease is still live at first; only a redelivered message may take over before it expires.
  api.nextClaim.set(message.taskId, ["busy"]);
  startWorkerProcess("w2");
  await eventually("second worker is there", () => api.hellos.includes("w2"));
  const killedAt = Date.now();
  child.kill("SIGKILL");
  await eventually("succeeded elsewhere", () => succeeded(message), 15_000);
  const [, atOnce, later] = claimsOf(message);
  expect(atOnce).toMatchObject({ worker: "w2", redelivered: true });
  expect((atOnce?.at ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(3_000);
  expect(later).toMatchObject({ worker: "w2", redelivered: true });
  await expectQueuesEmpty();
});

test("a worker that freezes is overtaken; awake again it drops its work and serves on", async () => {
  const { child, message } = await taskAt("w1", { STEP_MS: "40000" });
  await eventually("claimed", () => claimsOf(message).length === 1);
  child.kill("SIGSTOP");
  startWorkerProcess("w2");
  // The broker notices the missing heartbeats after two of them.
  await eventually("overtaken", () => succeeded(message), 50_000);
  expect(claimsOf(message)[1]).toMatchObject({ worker: "w2", redelivered: true });
  child.kill("SIGCONT");
  const scratch = join(folder, "w1");
  await eventually("dropped", async () => (await readdir(scratch)).length === 0, 5_000);
  expect(api.failed).toEqual([]);
  expect(api.succeeded).toHaveLength(1);
  // Both consume now: of two long tasks each takes one.
  const more = [planMessage(), planMessage()];
  await eventually("it is back", async () => (await rabbit.consumers(TASK_QUEUE)) === 2, 15_000);
  for (const next of more) await publish(next);
  await eventually(
    "both at work",
    () => new Set(more.flatMap(claimsOf).map(({ worker }) => worker)).size === 2,
  );
});

test("SIGTERM hands the task back, uncounted, and the process ends within 8 s", async () => {
  const { child, message } = await taskAt("w1", { STEP_MS: "60000" });
  await eventually("claimed", () => claimsOf(message).length === 1);
  const exit = once(child, "exit");
  const at = Date.now();
  child.kill("SIGTERM");
  const [code] = await exit;
  expect(Date.now() - at).toBeLessThan(8_000);
  expect(code).toBe(0);
  expect(api.failed).toMatchObject([{ taskId: message.taskId, handBack: true, retryable: true }]);
  // Acknowledged: the API puts it into the queue again by itself.
  await expectQueuesEmpty();
});

test("a lease that is gone in the middle stops the step within 2 s, and nothing more is reported", async () => {
  const { message } = await taskAt("w1", { STEP_MS: "60000" });
  await eventually("reported", () => api.progress.some((report) => report.taskId === message.taskId));
  api.gone.add(message.taskId);
  const scratch = join(folder, "w1");
  await eventually("step stopped", async () => (await readdir(scratch)).length === 0, 3_500);
  await expectQueuesEmpty();
  expect(api.failed).toEqual([]);
  expect(api.succeeded).toEqual([]);
});

test("the hard limit ends a step that takes too long, as a failure worth another try", async () => {
  api.hardLimitSeconds = 1;
  const { message } = await taskAt("w1", { STEP_MS: "60000" });
  await eventually("failed", () => api.failed.length === 1);
  expect(api.failed[0]).toMatchObject({
    taskId: message.taskId,
    code: "transcoder.timeout",
    retryable: true,
  });
  await expectQueuesEmpty();
});

test("read rights are renewed while a step runs", async () => {
  api.grantMs = 24_000;
  const { message } = await taskAt("w1", { STEP_MS: "14000" });
  await eventually("succeeded", () => succeeded(message), 20_000);
  expect(api.progress.filter((report) => report.renew)).toHaveLength(1);
});

test("a reason for failure reaches the API in its own words", async () => {
  const { message } = await taskAt("w1", { STEP_FAILS: "damaged" });
  await eventually("failed", () => api.failed.length === 1);
  expect(api.failed[0]).toMatchObject({
    taskId: message.taskId,
    code: "source.damaged",
    retryable: false,
    handBack: false,
  });
  expect(api.failed[0]?.message).toContain("Export it again");
  await expectQueuesEmpty();
});

test("an API that is away: unclaimed work is parked, finished work is reported when it is back", async () => {
  const { message } = await taskAt("w1", { STEP_MS: "1500" });
  await eventually("claimed", () => claimsOf(message).length === 1);
  api.broken.status = 503;
  const second = planMessage();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await publish(second);
  expect(api.succeeded).toEqual([]);
  api.broken.status = null;
  await eventually("first reported", () => succeeded(message), 10_000);
  await eventually("second done", () => succeeded(second), 20_000);
  expect(claimsOf(message)).toHaveLength(1);
  await expectQueuesEmpty();
});

test.each(["after_claim", "before_succeed", "before_ack"])("a crash %s loses nothing", async (point) => {
  const { child, message } = await taskAt("w1", { CRASH_AT: point });
  // It may have ended before we look.
  await eventually("it is gone", () => child.signalCode !== null || child.exitCode !== null);
  startWorkerProcess("w2");
  await eventually("claimed again", () => claimsOf(message)[1] ?? null, 15_000);
  expect(claimsOf(message)[1]).toMatchObject({ worker: "w2", redelivered: true });
  await eventually("succeeded", () => succeeded(message), 15_000);
  await expectQueuesEmpty();
});

test("a malformed message and a dead letter: neither is lost in silence", async () => {
  const { message } = await taskAt("w1");
  await eventually("succeeded", () => succeeded(message));
  await publish({ taskId: "no uuid" });
  const dead = planMessage();
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(DEAD_QUEUE, Buffer.from(JSON.stringify(dead)), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  await eventually("reported", () => api.dead.includes(dead.taskId));
  await expectQueuesEmpty();
  expect(api.dead).toEqual([dead.taskId]);
});

test("the broker dies and comes back: the worker consumes again by itself", async () => {
  const { message } = await taskAt("w1");
  await eventually("succeeded", () => succeeded(message));
  await rabbit.kill();
  await rabbit.start();
  const next = planMessage();
  await publish(next);
  await eventually("consumed again", () => succeeded(next), 30_000);
  await expectQueuesEmpty();
});
