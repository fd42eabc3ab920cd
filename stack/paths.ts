/** Paths inside the clone. */
import { join, resolve } from "node:path";

/** The clone's folder. */
export const CLONE = resolve(import.meta.dirname, "..");

/** An absolute path inside the clone. */
export function inClone(...names: string[]): string {
  return join(CLONE, ...names);
}

/** Node's compile cache for our processes: it halves their start time. */
export const COMPILE_CACHE = inClone("node_modules", ".cache", "node");
