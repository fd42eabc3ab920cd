/** Where things lie in the clone. */
import { join, resolve } from "node:path";

/** The clone's folder. */
export const CLONE = resolve(import.meta.dirname, "..");

/** An absolute path inside the clone. */
export function inClone(...names: string[]): string {
  return join(CLONE, ...names);
}

/** Where Node keeps what it compiled of our processes' code: half of what their starts cost. */
export const COMPILE_CACHE = inClone("node_modules", ".cache", "node");
