/**
 * Runs one service of the stack for a test: starts it, waits until it is ready, stops it with all it started.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Service } from "../../stack/services/service.ts";
import { endChild, launch } from "../../stack/supervise/launch.ts";
import { until } from "../../stack/supervise/probe.ts";

export type Running = { pid: number; stop(): Promise<void> };

/** Starts `service` with its log in `folder`; throws with the log's end when it is not ready in time. */
export async function runService(service: Service, folder: string): Promise<Running> {
  await mkdir(folder, { recursive: true });
  const log = join(folder, `${service.name}.log`);
  await service.prepare?.();
  const child = launch(service, folder, log);
  const { pid } = child;
  let isDead = false;
  child.once("error", () => {
    isDead = true;
  });
  child.once("exit", () => {
    isDead = true;
  });
  const served = await until(async () => isDead || (await service.isReady()), service.readyWithinMs, 50);
  if (!served || isDead || pid === undefined) {
    await endChild(child, service);
    const words = await readFile(log, "utf8").catch(() => "");
    throw new Error(`${service.name} did not start:\n${words.slice(-2_000)}`);
  }
  return { pid, stop: () => endChild(child, service) };
}

/** A port that is free now on loopback; with `offsets`, the ports at those offsets are free too. */
export async function freePort(
  low = 13_000,
  high = 19_000,
  offsets: readonly number[] = [0],
): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = low + Math.floor(Math.random() * (high - low));
    const free = await Promise.all(offsets.map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
  throw new Error("no free port was found");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
