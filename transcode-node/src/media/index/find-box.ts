/** Finds boxes of a source's index, in which a crafted file can hold tens of millions of empty ones. */
import { type Box, boxes, find } from "../output/boxes.ts";

/** Side by side: real ones have a few dozen. */
export const MAX_SIBLINGS = 2_000;

/** As `boxes`; throws an Error where there are more than are looked at. */
export function* fewBoxes(bytes: Buffer, from = 0, to = bytes.length): Generator<Box> {
  let looked = 0;
  for (const box of boxes(bytes, from, to)) {
    if (++looked > MAX_SIBLINGS) throw new Error(`more than ${MAX_SIBLINGS} boxes side by side`);
    yield box;
  }
}

/** The first box under a path like `mdia/minf`; undefined where there is none. Throws as `fewBoxes`. */
export const findBox = (bytes: Buffer, path: string, from = 0, to = bytes.length): Box | undefined =>
  find(bytes, path, from, to, fewBoxes);
