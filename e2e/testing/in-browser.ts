/** Tests in a real browser over the shared stack: each one by a visitor of its own, whom nothing may disturb unseen. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type Here, lastSeen, launch, type Visit, visit } from "./browser.ts";
import type { Stack } from "./running-stack.ts";
import { sharedStack } from "./shared-stack.ts";

/** Registers the tests of each subject in this file, in this order. */
export function inBrowser(...subjects: ((here: Here) => void)[]): void {
  let stack: Stack;
  let browser: Awaited<ReturnType<typeof launch>>;
  let seen: Visit;

  beforeAll(async () => {
    stack = await sharedStack();
    browser = await launch();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    seen = await visit(browser, stack.url);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") process.stdout.write(`${task.name}:\n${await lastSeen(seen)}\n`);
    await seen.context.close();
    expect(seen.complaints).toEqual([]);
  });

  for (const tests of subjects) tests({ stack: () => stack, seen: () => seen });
}
