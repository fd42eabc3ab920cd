/** One running stack for all test files of a run that neither kill its services nor need other settings. */
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { share, takeShared } from "../../testing/services/shared.ts";
import { findLosses, messagesOf } from "./losses.ts";
import { rowsOf } from "./rows.ts";
import { type Stack, startStack } from "./running-stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    e2eStack: string;
  }
}

const stackSchema = z.object({ url: z.string(), folder: z.string(), output: z.string() });

/** Max bytes of one upload on the shared stack: a test can exceed it without filling a disk. */
export const MAX_UPLOAD_BYTES = 200_000_000;
const SETTINGS = {
  STORAGEX_WORKERS: "2",
  STORAGEX_MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES),
  // Tests' own endpoints of webhooks.
  STORAGEX_WEBHOOK_ALLOW: "127.0.0.1",
  // Tests' own servers that videos are imported from.
  STORAGEX_IMPORT_ALLOW: "127.0.0.1",
};

/** Videos that no test waited for may still be encoded when the last file ends. */
const SETTLE_MS = 400_000;
const OPEN = "SELECT id FROM videos WHERE status IN ('queued', 'processing')";

/**
 * Vitest's global setup of the project `e2e`. Its teardown fails the run where anything was lost on the
 * shared stack.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = await share(async () => {
    const stack = await startStack(SETTINGS);
    return {
      value: { url: stack.url, folder: stack.folder, output: stack.output() },
      stop: async () => {
        try {
          await requireNothingLost(stack);
        } finally {
          await stack.dispose();
        }
      },
    };
  });
  project.provide("e2eStack", shared.url);
  return () => shared.stop();
}

async function requireNothingLost(stack: Stack): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const open = await rowsOf(stack, OPEN);
    const { waiting, parked } = await messagesOf(stack);
    if ((open.length === 0 && waiting + parked === 0) || Date.now() > deadline) break;
    await sleep(500);
  }
  const losses = await findLosses(stack, null);
  const left = Object.entries(await messagesOf(stack)).filter(([, count]) => count > 0);
  losses.push(...left.map(([name, count]) => `messages ${name}: ${count}`));
  if (losses.length > 0) throw new Error(`after all tests on the shared stack:\n${losses.join("\n")}`);
}

/**
 * The shared stack; it starts when the first file asks. Create your own accounts there, and expect those of
 * others.
 */
export async function sharedStack(): Promise<Stack> {
  const { url, folder, output } = await takeShared(inject("e2eStack"), stackSchema);
  return { url, folder, output: () => output };
}
