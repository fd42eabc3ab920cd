/** The common fixture of many tests: one pipeline per file, and a new person for each test. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Person } from "./person.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";

export let edge: Pipeline;
export let ann: Person;

/** Installs the fixture's hooks for the file that calls it. */
export function usePipeline(): void {
  beforeAll(async () => {
    edge = await startPipeline();
  });
  afterAll(() => edge?.stop());
  beforeEach(async () => {
    ann = await edge.person();
  });
}
