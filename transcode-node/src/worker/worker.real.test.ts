/**
 * The worker's loop as real processes on a real RabbitMQ: no message is lost, no work is repeated without
 * need.
 */
import { once } from "node:events";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DEAD_QUEUE } from "../broker/topology.ts";
import { eventually } from "../testing/eventually.ts";
import { type RealBroker, startBroker } from "../testing/real-broker.ts";
import { planMessage } from "./testing/api-stand-in.ts";
import { openWorkerWorld } from "./testing/worker-world.ts";

// Five tests at a time start two processes each, beside those of other files: a busy machine takes long.
vi.setConfig({ testTimeout: 300_000 });

/** As many as there are tests: each has its own queues, API and processes, and mostly waits. */
const WORLDS = 21;
let rabbit: RealBroker;

beforeAll(async () => {
  rabbit = await startBroker(WORLDS);
});
afterAll(() => rabbit.stop());

const openWorld = () => openWorkerWorld(rabbit.own());

test.concurrent("a task is claimed, reported each second and succeeds; its scratch folder is gone", async () => {
  await using world = await openWorld();
  await mkdir(join(world.folder, "w1", "attempt-of-a-dead-worker"), { recursive: true });
  const { message, finish } = await world.longTaskAt("w1");
  await eventually("reported again and again", () => {
    const reports = world.reportsOf(message);
    return reports.length >= 3 && (reports.at(-1)?.progress ?? 0) > 0.3;
  });
  await finish();
  await eventually("succeeded", () => world.succeeded(message));
  expect(world.claimsOf(message)).toMatchObject([{ worker: "w1", redelivered: false }]);
  expect(await readdir(join(world.folder, "w1"))).toEqual([]);
  await world.expectQueuesEmpty();
});

test.concurrent("busy: parked for 5 s, then taken; gone: acknowledged and forgotten", async () => {
  await using world = await openWorld();
  world.startWorker("w1");
  const busy = planMessage();
  const gone = planMessage();
  world.api.nextClaim.set(busy.taskId, ["busy"]);
  world.api.nextClaim.set(gone.taskId, ["gone"]);
  await world.publish(busy);
  await world.publish(gone);
  await eventually("taken after all", () => world.succeeded(busy));
  const [first, second] = world.claimsOf(busy);
  // A lower bound, which holds on any machine.
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(4_500);
  expect(world.claimsOf(gone)).toHaveLength(1);
  await world.expectQueuesEmpty();
});

test.concurrent("a claim whose answer is lost is named by the next ones, until one is leased", async () => {
  await using world = await openWorld();
  const message = planMessage();
  world.api.lost.add(message.taskId);
  world.api.nextClaim.set(message.taskId, ["leased", "busy", "leased"]);
  world.startWorker("w1");
  await world.publish(message);
  await eventually("succeeded", () => world.succeeded(message));
  const [lost, second, third] = world.claimsOf(message);
  expect(lost).toMatchObject({ claimId: expect.any(String), unanswered: [] });
  expect(second).toMatchObject({ redelivered: false, unanswered: [lost?.claimId] });
  // Busy for another reason (it drains): the lease still is nobody's.
  expect(third?.unanswered).toEqual([lost?.claimId]);
  expect(new Set([lost, second, third].map((claim) => claim?.claimId)).size).toBe(3);
  await world.expectQueuesEmpty();
});

test.concurrent("a lease that cannot be read is handed back uncounted, and taken when it can be", async () => {
  await using world = await openWorld();
  world.startWorker("w1");
  const message = planMessage();
  world.api.unreadable.add(message.taskId);
  await world.publish(message);
  await eventually("handed back", () => world.api.failed.length === 1);
  expect(world.api.failed[0]).toMatchObject({
    taskId: message.taskId,
    attempt: 1,
    handBack: true,
    parked: true,
  });
  world.api.unreadable.delete(message.taskId);
  await eventually("taken after all", () => world.succeeded(message));
  expect(world.claimsOf(message)).toHaveLength(2);
  await world.expectQueuesEmpty();
});

test.concurrent("a worker killed in the middle: another gets the message at once, and it stays redelivered when parked", async () => {
  await using world = await openWorld();
  // Without heartbeats, only the broken connection tells the broker that the worker is gone.
  const AMQP_URL = `${world.amqpUrl}?heartbeat=0`;
  const { child, message } = await world.taskAt("w1", { AMQP_URL, STEP_MS: "600000" });
  await eventually("claimed", () => world.claimsOf(message).length === 1);
  // The dead worker's lease is still live at first; only a redelivered message may take over before it
  // expires.
  world.api.nextClaim.set(message.taskId, ["busy"]);
  world.startWorker("w2");
  await eventually("second worker is there", () => world.api.hellos.includes("w2"));
  child.kill("SIGKILL");
  await eventually("succeeded elsewhere", () => world.succeeded(message));
  const [, atOnce, later] = world.claimsOf(message);
  expect(atOnce).toMatchObject({ worker: "w2", redelivered: true });
  expect(later).toMatchObject({ worker: "w2", redelivered: true });
  await world.expectQueuesEmpty();
});

test.concurrent("a worker that freezes is overtaken; awake again it drops its work and serves on", async () => {
  await using world = await openWorld();
  // The broker notices the missing heartbeats after two of them.
  const { child, message } = await world.taskAt("w1", {
    AMQP_URL: `${world.amqpUrl}?heartbeat=5`,
    STEP_MS: "600000",
  });
  await eventually("claimed", () => world.claimsOf(message).length === 1);
  child.kill("SIGSTOP");
  world.startWorker("w2");
  await eventually("overtaken", () => world.succeeded(message));
  expect(world.claimsOf(message)[1]).toMatchObject({ worker: "w2", redelivered: true });
  child.kill("SIGCONT");
  const scratch = join(world.folder, "w1");
  await eventually("dropped", async () => (await readdir(scratch)).length === 0);
  expect(world.api.failed).toEqual([]);
  expect(world.api.succeeded).toHaveLength(1);
  // Both consume now: of two long tasks each takes one.
  const more = [planMessage(), planMessage()];
  await eventually("it is back", async () => (await world.consumers()) === 2);
  for (const next of more) await world.publish(next);
  await eventually(
    "both at work",
    () => new Set(more.flatMap(world.claimsOf).map(({ worker }) => worker)).size === 2,
  );
});

test.concurrent("SIGTERM hands the task back, uncounted, and the process ends in order", async () => {
  await using world = await openWorld();
  const { child, message } = await world.taskAt("w1", { STEP_MS: "600000" });
  await eventually("claimed", () => world.claimsOf(message).length === 1);
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(world.api.failed).toMatchObject([{ taskId: message.taskId, handBack: true, retryable: true }]);
  // Acknowledged: the API queues it again by itself.
  await world.expectQueuesEmpty();
});

test.concurrent("a lease that is gone in the middle stops the step by its next report, and nothing more is reported", async () => {
  await using world = await openWorld();
  const { message } = await world.taskAt("w1", { STEP_MS: "600000" });
  await eventually("reported", () => world.reportsOf(message).length > 0);
  world.api.gone.add(message.taskId);
  const before = world.reportsOf(message).length;
  const scratch = join(world.folder, "w1");
  await eventually("the next report", () => world.reportsOf(message).length > before);
  await eventually("step stopped", async () => (await readdir(scratch)).length === 0);
  await world.expectQueuesEmpty();
  expect(world.reportsOf(message)).toHaveLength(before + 1);
  expect(world.api.failed).toEqual([]);
  expect(world.api.succeeded).toEqual([]);
});

test.concurrent("the hard limit ends a step that takes too long, as a failure worth another try", async () => {
  await using world = await openWorld();
  world.api.hardLimitSeconds = 1;
  const { message } = await world.taskAt("w1", { STEP_MS: "600000" });
  await eventually("failed", () => world.api.failed.length === 1);
  expect(world.api.failed[0]).toMatchObject({
    taskId: message.taskId,
    code: "transcoder.timeout",
    retryable: true,
  });
  await world.expectQueuesEmpty();
});

test.concurrent("read rights are renewed while a step runs", async () => {
  await using world = await openWorld();
  world.api.grantMs = 24_000;
  const { message, finish } = await world.longTaskAt("w1");
  const renewals = () => world.reportsOf(message).flatMap(({ renew }, at) => (renew ? [at] : []));
  await eventually("renewed", () => renewals().length > 0);
  const [first = 0] = renewals();
  await eventually("reported after it", () => world.reportsOf(message).length > first + 1);
  expect(world.reportsOf(message)[first + 1]?.renew, "once is enough").toBe(false);
  await finish();
  await eventually("succeeded", () => world.succeeded(message));
});

test.concurrent("a reason for failure reaches the API in its own words", async () => {
  await using world = await openWorld();
  const { message } = await world.taskAt("w1", { STEP_FAILS: "damaged" });
  await eventually("failed", () => world.api.failed.length === 1);
  expect(world.api.failed[0]).toMatchObject({
    taskId: message.taskId,
    code: "source.damaged",
    retryable: false,
    handBack: false,
  });
  expect(world.api.failed[0]?.message).toContain("Export it again");
  await world.expectQueuesEmpty();
});

test.concurrent("a worker whose scratch folder is gone hands back what it took, uncounted, and takes no more until it is there", async () => {
  await using world = await openWorld();
  world.api.draining = false;
  const { message } = await world.taskAt("w1");
  await eventually("it works", () => world.succeeded(message));
  const scratch = join(world.folder, "w1");
  await rm(scratch, { recursive: true });
  await writeFile(scratch, "in its place");
  const first = planMessage();
  await world.publish(first);
  await eventually("handed back", () => world.api.failed.length === 1);
  expect(world.api.failed).toMatchObject([
    { taskId: first.taskId, handBack: true, code: "transcoder.interrupted" },
  ]);
  await eventually("nothing is taken", async () => (await world.consumers()) === 0);
  const second = planMessage();
  await world.publish(second);
  const greeted = world.api.hellos.length;
  await eventually("told that it is not draining", () => world.api.hellos.length >= greeted + 2);
  expect(await world.consumers()).toBe(0);
  expect(world.claimsOf(second)).toEqual([]);
  await rm(scratch);
  await eventually("taken", () => world.succeeded(second));
  expect(world.api.failed).toHaveLength(1);
});

test.concurrent("an API that is away: unclaimed work is parked, finished work is reported when it is back", async () => {
  await using world = await openWorld();
  const { message } = await world.taskAt("w1", { STEP_MS: "1500" });
  await eventually("claimed", () => world.claimsOf(message).length === 1);
  world.api.broken.status = 503;
  const second = planMessage();
  await world.publish(second);
  const refused = (path: string) => () => world.api.refused.includes(path);
  await eventually("its report is refused", refused(`/internal/tasks/${message.taskId}/succeed`));
  expect(world.api.succeeded).toEqual([]);
  world.api.broken.status = null;
  await eventually("first reported", () => world.succeeded(message));
  await eventually("second done", () => world.succeeded(second));
  expect(world.claimsOf(message)).toHaveLength(1);
  await world.expectQueuesEmpty();
});

test.concurrent.each(["after_claim", "before_succeed", "before_ack"])(
  "a crash %s loses nothing",
  async (point) => {
    await using world = await openWorld();
    const { child, message } = await world.taskAt("w1", { CRASH_AT: point });
    // It may have ended before this check.
    await eventually("it is gone", () => child.signalCode !== null || child.exitCode !== null);
    world.startWorker("w2");
    await eventually("claimed again", () => world.claimsOf(message)[1] ?? null);
    expect(world.claimsOf(message)[1]).toMatchObject({ worker: "w2", redelivered: true });
    await eventually("succeeded", () => world.succeeded(message));
    await world.expectQueuesEmpty();
  },
);

test.concurrent("a malformed message and a dead letter: neither is lost in silence", async () => {
  await using world = await openWorld();
  const { message } = await world.taskAt("w1");
  await eventually("succeeded", () => world.succeeded(message));
  await world.publish({ taskId: "no uuid" });
  const dead = planMessage();
  await world.publish(dead, DEAD_QUEUE);
  await eventually("reported", () => world.api.dead.includes(dead.taskId));
  await world.expectQueuesEmpty();
  expect(world.api.dead).toEqual([dead.taskId]);
});

test("the broker dies and comes back: the worker consumes again by itself", async () => {
  await using world = await openWorld();
  const { message } = await world.taskAt("w1");
  await eventually("succeeded", () => world.succeeded(message));
  await rabbit.kill();
  await rabbit.start();
  const next = planMessage();
  await world.publish(next);
  await eventually("consumed again", () => world.succeeded(next));
  await world.expectQueuesEmpty();
});
