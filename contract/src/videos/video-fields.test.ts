/** Texts and pairs of videos at their limits. */
import { expect, test } from "vitest";
import { MAX_METADATA, metadataChangeSchema, metadataSchema } from "./video-fields.ts";

/** Pairs whose keys are all too long. */
const wrong = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${"k".repeat(100)}${index}`, "v"]));

test("of too many pairs the number is refused, and none of them is checked", () => {
  for (const [schema, max] of [
    [metadataSchema, MAX_METADATA],
    [metadataChangeSchema, 2 * MAX_METADATA],
  ] as const) {
    expect(schema.safeParse(wrong(max)).error?.issues).toHaveLength(max);
    const { error } = schema.safeParse(wrong(max + 1));
    expect(error?.issues.map(({ message }) => message)).toEqual([`must be at most ${MAX_METADATA} pairs`]);
  }
  expect(metadataSchema.parse({ room: "B" })).toEqual({ room: "B" });
  expect(metadataSchema.safeParse("room").success).toBe(false);
  expect(metadataSchema.safeParse(null).success).toBe(false);
});
