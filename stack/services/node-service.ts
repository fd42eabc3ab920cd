/** The common shape of our own Node processes as parts: one entry file, the Node that runs the stack. */

import { COMPILE_CACHE } from "../paths.ts";
import type { Service } from "./service.ts";

/** How long a part may take that starts beside the broker and waits for it, in milliseconds. */
export const WITH_BROKER_MS = 90_000;

/** Builds a part for `entry`; both times in milliseconds. */
export function nodePart(
  part: Pick<Service, "name" | "env" | "isReady"> & {
    entry: string;
    stopWithinMs: number;
    readyWithinMs?: number;
  },
): Service {
  return {
    name: part.name,
    command: [process.execPath, "--enable-source-maps", part.entry],
    env: { ...part.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    isReady: part.isReady,
    readyWithinMs: part.readyWithinMs ?? 20_000,
    stopSignal: "SIGTERM",
    stopWithinMs: part.stopWithinMs,
  };
}
