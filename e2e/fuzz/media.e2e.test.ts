/** The short form of `npm run fuzz -- media`: a few spoilt files of each container, one of them through the whole work. */
import { expect, test } from "vitest";
import { fuzzMedia } from "./media.ts";

test("spoilt files end with a reason of their own or as what can be decoded of them", async () => {
  const { endings, findings } = await fuzzMedia({ seed: 20, count: 24, whole: 2, lanes: 4 });
  expect(findings).toEqual([]);
  // Neither refuses everything nor takes everything.
  expect(Object.keys(endings).length).toBeGreaterThan(2);
}, 300_000);
