/** What our own Node processes have in common as services: one entry file, run by the stack's Node. */

import { COMPILE_CACHE } from "../paths.ts";
import type { Service } from "./service.ts";

/** Max time until ready, in milliseconds, for a service that starts beside the broker and waits for it. */
export const WITH_BROKER_MS = 90_000;

/** Builds a service for `entry`; both times in milliseconds. */
export function nodeService(
  service: Pick<Service, "name" | "env" | "isReady" | "startingBy"> & {
    entry: string;
    stopWithinMs: number;
    readyWithinMs?: number;
  },
): Service {
  return {
    name: service.name,
    command: [process.execPath, "--enable-source-maps", service.entry],
    env: { ...service.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    isReady: service.isReady,
    readyWithinMs: service.readyWithinMs ?? 20_000,
    ...(service.startingBy && { startingBy: service.startingBy }),
    stopSignal: "SIGTERM",
    stopWithinMs: service.stopWithinMs,
  };
}
