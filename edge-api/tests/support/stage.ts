/** What many tests stand on: one pipeline for all of a file, and a new person for each test. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Person } from "./person.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";

export let edge: Pipeline;
export let ann: Person;

/** Sets the stage for the tests of the file that calls it. */
export function setStage(): void {
  beforeAll(async () => {
    edge = await startPipeline();
  }, 90_000);
  afterAll(() => edge?.stop());
  beforeEach(async () => {
    ann = await edge.person();
  });
}
