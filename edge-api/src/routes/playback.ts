/** Placeholder until its routes are mounted. */
import type { App } from "../app-env.ts";

export function mountPlayback(_app: App): void {}
