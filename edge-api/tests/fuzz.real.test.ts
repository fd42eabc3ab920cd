/** Ten thousand requests generated from the document: none breaks the API, and none reaches what is another's. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { fuzzApi } from "./fuzz/run.ts";
import { type Edge, startEdge } from "./support/harness.ts";

/** `npm run fuzz -- api` sets both. */
const { FUZZ_COUNT: count, FUZZ_SEED: seed } = z
  .object({ FUZZ_COUNT: z.coerce.number().default(10_000), FUZZ_SEED: z.coerce.number().default(1) })
  .parse(process.env);

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

test("every answer is as the document says, none is a 5xx, and nothing is shown or changed across accounts", async () => {
  const { sent, passed } = await fuzzApi(edge, { count, seed });
  expect(sent).toBeGreaterThanOrEqual(count);
  // The others need what cannot be drawn: a password, a one-time link, a video that plays.
  expect(passed).toBeGreaterThan(0.7);
}, 3_600_000);
