/** The dashboard in a real browser over the running product: what a person sees and does. One stack serves all subjects. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { peopleTests } from "./browser/people.ts";
import { uploadTests } from "./browser/uploads.ts";
import { videoTests } from "./browser/videos.ts";
import { launch, type Visit, visit } from "./testing/browser.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

let stack: RunningStack;
let browser: Awaited<ReturnType<typeof launch>>;
let seen: Visit;

beforeAll(async () => {
  // Room for three parts, and a limit that a test can pass without filling a disk.
  stack = await startStack({ STORAGEX_MAX_UPLOAD_BYTES: "50000000" });
  browser = await launch();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await stack?.dispose();
}, 60_000);
beforeEach(async () => {
  seen = await visit(browser, stack.url);
});
afterEach(async () => {
  await seen.context.close();
  expect(seen.complaints).toEqual([]);
});

const here = { stack: () => stack, seen: () => seen };
peopleTests(here);
videoTests(here);
uploadTests(here);
