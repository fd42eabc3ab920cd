/** The packages that are published, installed from their packed files into an empty project; and the examples. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe } from "vitest";
import { cliTests } from "./packages/cli.ts";
import { clientTests } from "./packages/client.ts";
import { commandExampleTests } from "./packages/command-examples.ts";
import { exampleTests } from "./packages/examples.ts";
import { importFromTests } from "./packages/import-from.ts";
import { importTests } from "./packages/imports.ts";
import { projectWith } from "./testing/packed.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

let stack: Stack;
let folder: string;

beforeAll(async () => {
  [stack, folder] = await Promise.all([sharedStack(), projectWith("client", "cli")]);
});
afterAll(() => folder && rm(folder, { recursive: true, force: true }));

const here = { stack: () => stack, folder: () => folder };
clientTests(here);
cliTests(here);
// They wait most of the time, and each has accounts of its own.
describe.concurrent("side by side", () => {
  importTests(here);
  importFromTests(here);
  commandExampleTests(here);
});
exampleTests(here);
