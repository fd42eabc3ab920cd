/**
 * The life of `npm start`: ready, restarts, every way to stop, stacks side by side, and the operator's own
 * services.
 */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { npmStart, pidOf, processesOf, type Started } from "../../testing/services/npm-start.ts";
import { freePort } from "../../testing/services/run-service.ts";
import { startPostgres } from "../../testing/services/start-postgres.ts";
import { startRabbit } from "../../testing/services/start-rabbit.ts";
import { startS3 } from "../../testing/services/start-s3.ts";
import { until } from "./probe.ts";

/** Only ends a hanging test: the stack itself kills what has not stopped after 8.5 s. */
const STOP_MS = 60_000;
let folder: string;
const started: { stack: Started; folder: string }[] = [];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "storagex-life-")));
});
afterEach(async () => {
  const all = started.splice(0);
  for (const { stack } of all) {
    stack.interrupt();
    // A stack that does not end must fail its own test and leave nothing running for the next.
    await stack.ended(STOP_MS).catch(() => stack.kill());
  }
  // Two stacks may have used the same folder one after the other: it is removed when both have ended.
  for (const { folder: data } of all) await rm(data, { recursive: true, force: true });
});

function start(env: Readonly<Record<string, string>> = {}, data = folder): Started {
  const stack = npmStart(data, env);
  started.push({ stack, folder: data });
  return stack;
}

const ready = async (url: string): Promise<boolean> => (await fetch(`${url}/readyz`)).status === 200;

const signIn = (url: string): Promise<Response> =>
  fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: "ann@example.org", password: "a long enough password" }),
  });

/** Signals npm alone; throws where the stack does not stop in order and completely. */
async function endsBy(signal: "SIGTERM" | "SIGKILL", stack: Started): Promise<void> {
  process.kill(stack.npm, signal);
  await stack.ended(STOP_MS);
  expect(await until(async () => (await processesOf(folder)).length === 0, STOP_MS), signal).toBe(true);
  expect(stack.output()).toContain("StorageX stopped");
}

describe("one stack", () => {
  test("every service is its own process, and comes back when it is killed; Ctrl-C ends all in order", async () => {
    const stack = start({ STORAGEX_WORKERS: "2" });
    const url = await stack.ready();
    expect(await ready(url)).toBe(true);
    const programs = await Promise.all(
      ["postgres", "rabbitmq", "epmd", "workerd"].map(async (service) =>
        (await readFile(`/proc/${await pidOf(folder, service)}/comm`, "utf8")).trim(),
      ),
    );
    expect(programs).toEqual(["postgres", "beam.smp", "epmd", "workerd"]);
    for (const service of ["sql-endpoint", "s3", "bridge", "webhooks", "imports", "worker-1", "worker-2"]) {
      expect(await readFile(`/proc/${await pidOf(folder, service)}/cmdline`, "utf8")).toContain(".ts");
    }
    const setup = /setup\?token=\S+/.exec(stack.output())?.[0];
    expect(setup).toBeDefined();

    const killed = [
      "postgres",
      "rabbitmq",
      "workerd",
      "s3",
      "sql-endpoint",
      "bridge",
      "webhooks",
      "imports",
      "worker-1",
    ];
    for (const service of killed) {
      const before = await pidOf(folder, service);
      // A service that lost another may have come back by itself before.
      const told = (): number => stack.output().split(`${service} is back`).length;
      const times = told();
      process.kill(before, "SIGKILL");
      expect(await until(async () => told() > times, 120_000), service).toBe(true);
      expect(await pidOf(folder, service)).not.toBe(before);
    }
    expect(await until(() => ready(url), 120_000)).toBe(true);

    stack.interrupt();
    await stack.ended(STOP_MS);
    expect(stack.output()).toMatch(/StorageX stopped\s*$/);
    expect(await processesOf(folder)).toEqual([]);
    expect(existsSync(join(folder, "run", "postgres.pid"))).toBe(false);

    // At the same address, where browsers hold its sessions. SIGTERM to npm ends it too.
    const again = start();
    expect(await again.ready()).toBe(url);
    await endsBy("SIGTERM", again);
  });

  test("whoever finds /readyz at 200 can sign in as the admin of the settings; a supervisor or npm that is killed takes all with it but the data", async () => {
    const port = await freePort();
    const first = start({
      STORAGEX_PORT: String(port),
      STORAGEX_ADMIN_EMAIL: "ann@example.org",
      STORAGEX_ADMIN_PASSWORD: "a long enough password",
    });
    const early = `http://127.0.0.1:${port}`;
    expect(await until(() => ready(early), 120_000, 5)).toBe(true);
    expect((await signIn(early)).status).toBe(200);
    await first.ready();
    const told = async (): Promise<unknown> => (await fetch(`${early}/readyz`)).json();
    await expect.poll(told).toMatchObject({ status: "ready", workers: 1 });
    process.kill(await pidOf(folder, "supervisor"), "SIGKILL");
    await first.ended(STOP_MS);
    expect(await until(async () => (await processesOf(folder)).length === 0, STOP_MS)).toBe(true);
    const second = start();
    expect((await signIn(await second.ready())).status).toBe(200);
    await endsBy("SIGKILL", second);
  });
});

describe("neighbours", () => {
  test("two stacks run side by side; a second one on the same data is refused", async () => {
    const other = await realpath(await mkdtemp(join(tmpdir(), "storagex-life-")));
    const [a, b] = [start(), start({}, other)];
    const [one, two] = await Promise.all([a.ready(), b.ready()]);
    expect(one).not.toBe(two);
    expect(await Promise.all([ready(one), ready(two)])).toEqual([true, true]);
    const third = npmStart(folder);
    expect(await third.ended(30_000)).toBe(1);
    expect(third.output()).toContain("already runs");
    expect(await ready(one)).toBe(true);
  });

  test("STORAGEX_PORT that is taken is a clear error", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const stack = start({ STORAGEX_PORT: String(port) });
    expect(await stack.ended(30_000)).toBe(1);
    expect(stack.output()).toContain(`STORAGEX_PORT=${port} is taken`);
    server.close();
  });
});

test("PostgreSQL, RabbitMQ and S3 of the operator replace the embedded ones", async () => {
  const own = await mkdtemp(join(tmpdir(), "storagex-own-"));
  const [postgres, rabbit, s3] = await Promise.all([
    startPostgres(own),
    startRabbit(own),
    startS3(own, "theirs"),
  ]);
  try {
    const stack = start({
      DATABASE_URL: postgres.databaseUrl,
      AMQP_URL: rabbit.amqpUrl,
      S3_ENDPOINT: s3.access.endpoint,
      S3_BUCKET: "theirs",
      S3_ACCESS_KEY_ID: s3.access.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.access.secretAccessKey,
    });
    expect(await ready(await stack.ready())).toBe(true);
    for (const service of ["postgres", "rabbitmq", "epmd", "s3"]) {
      expect(existsSync(join(folder, "run", `${service}.pid`)), service).toBe(false);
    }
    stack.interrupt();
    await stack.ended(STOP_MS);
  } finally {
    await Promise.all([postgres.stop(), rabbit.stop(), s3.stop()]);
    await rm(own, { recursive: true, force: true });
  }
});
