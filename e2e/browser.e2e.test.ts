/** The dashboard in a real browser over the running product: what a person sees and does. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { accountTests } from "./browser/account.ts";
import { administrationTests } from "./browser/administration.ts";
import { audienceTests } from "./browser/audience.ts";
import { budgetTests } from "./browser/budgets.ts";
import { earlyTests } from "./browser/early.ts";
import { failureTests } from "./browser/failures.ts";
import { importTests } from "./browser/imports.ts";
import { keyTests } from "./browser/keys.ts";
import { languageTests } from "./browser/languages.ts";
import { layoutTests } from "./browser/layout.ts";
import { libraryTests } from "./browser/library.ts";
import { outageTests } from "./browser/outages.ts";
import { peopleTests } from "./browser/people.ts";
import { sharingTests } from "./browser/sharing.ts";
import { uploadLinkTests } from "./browser/upload-links.ts";
import { uploadTests } from "./browser/uploads.ts";
import { videoTests } from "./browser/videos.ts";
import { webhookTests } from "./browser/webhooks.ts";
import { lastSeen, launch, type Visit, visit } from "./testing/browser.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

let stack: Stack;
let browser: Awaited<ReturnType<typeof launch>>;
let seen: Visit;

beforeAll(async () => {
  stack = await sharedStack();
  browser = await launch();
}, 300_000);
afterAll(() => browser?.close(), 60_000);
beforeEach(async () => {
  seen = await visit(browser, stack.url);
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") process.stdout.write(`${task.name}:\n${await lastSeen(seen)}\n`);
  await seen.context.close();
  expect(seen.complaints).toEqual([]);
});

const here = { stack: () => stack, seen: () => seen };
peopleTests(here);
accountTests(here);
administrationTests(here);
videoTests(here);
failureTests(here);
uploadTests(here);
earlyTests(here);
outageTests(here);
libraryTests(here);
layoutTests(here);
sharingTests(here);
audienceTests(here);
keyTests(here);
importTests(here);
uploadLinkTests(here);
webhookTests(here);
budgetTests(here);
languageTests(here);
