/**
 * The loopback proxy: ranges, joined objects, renewal, resumption, and what it reports about a transfer that
 * fails.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { choosesUsers } from "../media/run/own-user.ts";
import { fastClock } from "../testing/fast-clock.ts";
import { type Store, startStore } from "../testing/store.ts";
import type { Renewable } from "./object-read.ts";
import { openSourceProxy, type SourceProxy } from "./source-proxy.ts";
import { StoreAway } from "./store-away.ts";

const run = promisify(execFile);
let store: Store;
let proxy: SourceProxy;
const bytes = randomBytes(3_000_000);

beforeEach(async () => {
  store = await startStore();
  store.put("a", bytes);
  proxy = await openSourceProxy(tmpdir(), AbortSignal.timeout(300_000));
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

const fixed = (key: string): Renewable => ({
  current: () => store.grant(key),
  renew: async () => store.grant(key),
});
const get = async (url: string, range?: string) => {
  const answer = await fetch(url, range ? { headers: { range } } : {});
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
};

test("serves ranges behind a secret path, and nothing beside it", async () => {
  const { url } = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  expect(new URL(url).pathname).toMatch(/^\/[\w-]{22}\/source$/);
  expect((await get(url)).bytes.equals(bytes)).toBe(true);
  const part = await get(url, "bytes=1000-1999");
  expect(part.status).toBe(206);
  expect(part.bytes.equals(bytes.subarray(1000, 2000))).toBe(true);
  expect(part.headers.get("content-range")).toBe("bytes 1000-1999/3000000");
  expect((await get(url, "bytes=-5")).bytes.equals(bytes.subarray(-5))).toBe(true);
  expect((await get(url, "bytes=3000000-")).status).toBe(416);
  expect((await get(new URL("/source", url).href)).status).toBe(404);
});

test.runIf(choosesUsers)("serves nobody else's connection, though he knows the address", async () => {
  const { url } = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  const ask = async (user: number, address = url) => {
    const curl = ["-s", "-o", "/dev/null", "-w", "%{http_code}", address];
    const as = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "curl", ...curl];
    return (await run("setpriv", as)).stdout;
  };
  expect(await ask(0)).toBe("200");
  expect(await ask(60_601)).toBe("404");
  // The same over an IPv6 socket, which is in another table.
  expect(await ask(60_601, url.replace("127.0.0.1", "[::ffff:127.0.0.1]"))).toBe("404");
});

test("serves many objects as one file, without the inits of those after the first", async () => {
  const parts = [100, 70_000, 5].map((length) => randomBytes(length + 10));
  for (const [n, part] of parts.entries()) store.put(`part-${n}`, part);
  const whole = Buffer.concat(parts.map((part, n) => (n === 0 ? part : part.subarray(10))));
  const spans = parts.map((_, n) => ({ source: fixed(`part-${n}`), skip: n === 0 ? 0 : 10 }));
  const { url, size } = proxy.objects("video", spans);
  expect(size).toBe(whole.length);
  expect((await get(url)).bytes.equals(whole)).toBe(true);
  expect((await get(url, "bytes=105-70112")).bytes.equals(whole.subarray(105, 70_113))).toBe(true);
});

test("serves a scratch file", async () => {
  const path = join(tmpdir(), `storagex-proxy-${process.pid}`);
  await writeFile(path, bytes.subarray(0, 5000));
  const { url } = await proxy.file("mp4", path);
  expect((await get(url, "bytes=10-19")).bytes.equals(bytes.subarray(10, 20))).toBe(true);
});

test("renews an expired URL and goes on", async () => {
  let renewed = 0;
  const source: Renewable = {
    current: () => ({ ...store.grant("a"), url: `${store.url("a")}?old` }),
    renew: async () => {
      renewed++;
      return store.grant("a");
    },
  };
  store.fault = (request, response) => {
    if (!request.url?.endsWith("?old")) return false;
    response.writeHead(403).end();
    return true;
  };
  const transfer = proxy.objects("source", [{ source, skip: 0 }]);
  expect((await get(transfer.url)).bytes.equals(bytes)).toBe(true);
  expect(renewed).toBe(1);
  expect(transfer.failure).toBeNull();
});

test("goes on where a cut transfer stood", async () => {
  let cuts = 0;
  store.fault = (request, response) => {
    if (cuts++ >= 3) return false;
    const from = Number(/bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(206, { "content-length": bytes.length - from });
    response.write(bytes.subarray(from, from + 100_000), () => response.destroy());
    return true;
  };
  const transfer = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  expect((await get(transfer.url)).bytes.equals(bytes)).toBe(true);
  expect(cuts).toBeGreaterThan(3);
  expect(transfer.failure).toBeNull();
});

test("waits for minutes for a storage that is away", async () => {
  using clock = fastClock();
  // More often than what is refused is asked for.
  let away = 5;
  store.fault = (_, response) => {
    if (away-- <= 0) return false;
    clock.jump(45_000);
    if (away % 2) response.destroy();
    else response.writeHead(503).end();
    return true;
  };
  const transfer = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  expect((await get(transfer.url)).bytes.equals(bytes)).toBe(true);
  expect(transfer.failure).toBeNull();
});

test("says of a reader that is killed while it waits that the storage is away, before its connection is gone", async () => {
  using clock = fastClock();
  const asked = new Promise<void>((resolve) => {
    store.fault = () => {
      resolve();
      return true;
    };
  });
  const transfer = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  const waiting = request(transfer.url).end();
  waiting.on("error", () => undefined);
  await asked;
  expect(transfer.failure).toBeNull();
  clock.jump(11_000);
  expect(transfer.failure).toBeInstanceOf(StoreAway);
  waiting.destroy();
});

test("says so when the storage stays away, when it refuses, and when the object changed", async () => {
  using clock = fastClock();
  const lostWith = async (status: number) => {
    store.fault = (_, response) => {
      clock.jump(130_000);
      response.writeHead(status).end();
      return true;
    };
    const lost = proxy.objects(`lost-${status}`, [{ source: fixed("a"), skip: 0 }]);
    await expect(get(lost.url)).rejects.toThrow();
    return lost.failure;
  };
  const [away, refused] = [await lostWith(503), await lostWith(404)];
  expect([away?.code, refused?.code]).toEqual(["source.unreadable", "source.unreadable"]);
  expect(away).toBeInstanceOf(StoreAway);
  expect(refused).not.toBeInstanceOf(StoreAway);

  store.fault = null;
  const claimed = store.grant("a");
  store.put("a", randomBytes(3_000_000));
  const source: Renewable = { current: () => claimed, renew: async () => claimed };
  const changed = proxy.objects("changed", [{ source, skip: 0 }]);
  await expect(get(changed.url)).rejects.toThrow();
  expect(changed.failure?.code).toBe("source.changed");
});

test("a reader that looks and leaves is sent little in vain, one that stays gets all", async () => {
  const large = randomBytes(32 * 2 ** 20);
  store.put("large", large);
  const transfer = proxy.objects("source", [{ source: fixed("large"), skip: 0 }]);
  const began = performance.now();
  const looking = request(transfer.url).end();
  const [answer] = await once(looking, "response");
  // The reader reads nothing: the bytes sent are in the kernel's buffers.
  await sleep(10);
  const { served } = transfer;
  const doublings = (performance.now() - began) / 20;
  answer.destroy();
  expect(served).toBeGreaterThan(0);
  expect(served).toBeLessThan(2 ** 18 * 2 ** doublings + 2 ** 17);
  expect((await get(transfer.url)).bytes.equals(large)).toBe(true);
  expect(transfer.failure).toBeNull();
});

test("a reader that closes its connection is no failure", async () => {
  const transfer = proxy.objects("source", [{ source: fixed("a"), skip: 0 }]);
  const answer = await fetch(transfer.url);
  await answer.body?.cancel();
  // The next one reads all of it, after which the first is long noticed to be gone.
  expect((await get(transfer.url)).bytes.length).toBe(store.grant("a").size);
  expect(transfer.failure).toBeNull();
});
