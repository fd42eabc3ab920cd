/** The bridge as a real process on a real RabbitMQ: it answers 200 only for what the broker has confirmed. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { bridgeHealthSchema, handOverAnswerSchema } from "@storagex/contract/tasks/message";
import { signServiceToken } from "@storagex/contract/tasks/service-token";
import { connect } from "amqplib";
import { type CryptoKey, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMPILE_CACHE } from "../../../stack/paths.ts";
import { freePort } from "../../../testing/services/run-service.ts";
import { queueOf, TASK_QUEUE, TASK_QUEUES } from "../broker/topology.ts";
import { eventually } from "../testing/eventually.ts";
import { type RealBroker, startBroker } from "../testing/real-broker.ts";

let rabbit: RealBroker;
let bridge: ChildProcess;
let base: string;
let key: { privateKey: CryptoKey; kid: string };
let strangersKey: { privateKey: CryptoKey; kid: string };

beforeAll(async () => {
  rabbit = await startBroker();
  const pair = await generateKeyPair("ES256", { extractable: true });
  key = { privateKey: pair.privateKey, kid: "k1" };
  strangersKey = { privateKey: (await generateKeyPair("ES256")).privateKey, kid: "k1" };
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" }] };
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  bridge = spawn(process.execPath, [join(import.meta.dirname, "../bridge.ts")], {
    env: {
      PATH: process.env.PATH,
      AMQP_URL: rabbit.amqpUrl,
      BRIDGE_PORT: String(port),
      BRIDGE_VERIFY_KEYS: JSON.stringify(keys),
      LOG_LEVEL: "fatal",
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  await eventually("healthy", healthy);
});
afterAll(async () => {
  if (bridge.exitCode === null && bridge.signalCode === null) {
    bridge.kill("SIGKILL");
    await once(bridge, "exit");
  }
  await rabbit.stop();
});

const healthy = () =>
  fetch(`${base}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
const task = () => ({ taskId: randomUUID(), videoId: "v1", generation: 1, kind: "plan", index: 0 });

async function post(body: string, token?: string): Promise<Response> {
  const authorization = `Bearer ${token ?? (await signServiceToken(key, { method: "POST", path: "/tasks", body }))}`;
  return fetch(`${base}/tasks`, { method: "POST", body, headers: { authorization } });
}
async function refusal(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return { status: response.status, code: (await response.json()).code };
}

test("tasks are in the queue, persistent, when the answer comes; it says how many wait", async () => {
  const tasks = [task(), task(), task()];
  const answer = await post(JSON.stringify({ tasks }));
  expect(answer.status).toBe(200);
  const { accepted, queueDepth } = handOverAnswerSchema.parse(await answer.json());
  expect(accepted).toBe(3);
  expect(queueDepth).toBeLessThanOrEqual(3);
  expect(await rabbit.depth(TASK_QUEUE)).toBe(3);
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  const message = await channel.get(TASK_QUEUE, { noAck: true });
  if (!message) throw new Error("no message");
  expect(message.properties.deliveryMode).toBe(2);
  expect(JSON.parse(message.content.toString())).toEqual(tasks[0]);
  await channel.purgeQueue(TASK_QUEUE);
  await connection.close();
});

test("each task is in the queue of its lane, one without a lane in the bulk's; the answer counts all", async () => {
  const lanes = ["express", "express", "audio", "short", "bulk", undefined] as const;
  const tasks = lanes.map((lane) => ({ ...task(), lane }));
  expect((await post(JSON.stringify({ tasks }))).status).toBe(200);
  const depths = () => Promise.all(TASK_QUEUES.map((queue) => rabbit.depth(queue)));
  expect(await depths()).toEqual([2, 1, 1, 2]);
  // The broker's message counts lag slightly behind its confirms.
  const answer = await post(JSON.stringify({ tasks: [{ ...task(), lane: "express" }] }));
  expect(handOverAnswerSchema.parse(await answer.json()).queueDepth).toBeGreaterThanOrEqual(6);
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  for (const queue of TASK_QUEUES) await channel.purgeQueue(queue);
  await connection.close();
  expect(await rabbit.depth(queueOf("express"))).toBe(0);
});

test("401 without a token, with a stranger's, and with one made for another body, path or method", async () => {
  const body = JSON.stringify({ tasks: [task()] });
  const sign = (as: typeof key, request: { method?: string; path?: string; body?: string }) =>
    signServiceToken(as, { method: "POST", path: "/tasks", body, ...request });
  const tokens = [
    "",
    "nonsense",
    await sign(strangersKey, {}),
    await sign(key, { body: `${body} ` }),
    await sign(key, { path: "/other" }),
    await sign(key, { method: "PUT" }),
  ];
  for (const token of tokens)
    expect(await refusal(await post(body, token))).toEqual({ status: 401, code: "internal.token_invalid" });
  expect(await rabbit.depth(TASK_QUEUE)).toBe(0);
});

test("422 for what is no list of tasks, 404 elsewhere, 413 for too much", async () => {
  for (const body of ["", "{", "[]", '{"tasks":[]}', '{"tasks":[{"taskId":"x"}]}'])
    expect(await refusal(await post(body))).toEqual({ status: 422, code: "request.invalid" });
  expect(await refusal(await fetch(`${base}/elsewhere`))).toEqual({ status: 404, code: "request.not_found" });
  expect(await refusal(await post("x".repeat(300_000)))).toEqual({ status: 413, code: "request.too_large" });
});

test("503 while the broker is in an alarm, and its health says so until it takes messages again", async () => {
  const health = async () => bridgeHealthSchema.parse(await (await fetch(`${base}/healthz`)).json());
  await rabbit.alarm(true);
  try {
    // The broker says so to the first message.
    const sent = await post(JSON.stringify({ tasks: [task()] }));
    expect(await refusal(sent)).toEqual({ status: 503, code: "broker.unavailable" });
    expect(await health()).toEqual({ ok: false, broker: "blocked" });
  } finally {
    await rabbit.alarm(false);
  }
  await eventually("healthy again", healthy);
  expect(await health()).toEqual({ ok: true, broker: "connected" });
});

test("503 when the queue is gone: the broker confirms such a message, but returns it first", async () => {
  const connection = await connect(rabbit.amqpUrl);
  const channel = await connection.createChannel();
  await channel.deleteQueue(TASK_QUEUE);
  await connection.close();
  const unroutable = await post(JSON.stringify({ tasks: [task()] }));
  expect(await refusal(unroutable)).toEqual({ status: 503, code: "broker.unavailable" });
});

test("503 while the broker is away, unhealthy too; a new broker gets its queues and all is well", async () => {
  await rabbit.kill();
  await eventually("unhealthy", async () => !(await healthy()));
  const away = await post(JSON.stringify({ tasks: [task()] }));
  expect(await refusal(away)).toEqual({ status: 503, code: "broker.unavailable" });
  await rabbit.wipe();
  await rabbit.start();
  await eventually("healthy again", healthy);
  const again = await post(JSON.stringify({ tasks: [task()] }));
  expect(again.status).toBe(200);
  expect(await rabbit.depth(TASK_QUEUE)).toBe(1);
});

test("SIGTERM ends it in order", async () => {
  const exit = once(bridge, "exit");
  bridge.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
});
