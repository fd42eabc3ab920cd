import { expect, test } from "vitest";
import { type Block, blocksOf, documents, EXAMPLES, example } from "./documents.ts";

const chosen = ({ document, code }: Block): number =>
  Object.values(EXAMPLES).filter(([of, marker]) => of === document && code.includes(marker)).length;

test("every example of the documents is run once, or says why not", async () => {
  const blocks = (await Promise.all((await documents()).map(blocksOf))).flat();
  expect(blocks.length).toBeGreaterThan(12);
  for (const block of blocks) {
    const where = `${block.document}:\n${block.code}`;
    expect(chosen(block), where).toBe(block.whyNot === undefined ? 1 : 0);
    if (block.whyNot !== undefined) expect(block.whyNot.length, where).toBeGreaterThan(10);
  }
});

test("what is run is there", async () => {
  for (const name of Object.keys(EXAMPLES)) expect(await example(name as keyof typeof EXAMPLES)).not.toBe("");
});
