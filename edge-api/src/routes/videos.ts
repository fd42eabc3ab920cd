/** Placeholder until its routes are mounted. */
import type { App } from "../app-env.ts";

export function mountVideos(_app: App): void {}
