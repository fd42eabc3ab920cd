/** Posters and storyboard of `finish`, made from the local MP4 and uploaded. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { PlainObject, Storyboard } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import {
  bestMoments,
  posterArgs,
  type Score,
  scoreOf,
  sheetArgs,
  sheetPlan,
  THUMB,
  thumbArgs,
  thumbInterval,
} from "../media/stills.ts";
import { assertRan } from "./outcome.ts";
import { MediaFailure } from "./step.ts";
import type { Toolbox } from "./toolbox.ts";

const CANDIDATES = 6;

/** Uploads up to six posters, best first: not black, not flat, sharp, spread over the video. */
export async function postersOf(tools: Toolbox, url: string, duration: number): Promise<PlainObject[]> {
  const moments = bestMoments(await thumbScores(tools, url, duration), CANDIDATES);
  const wanted = moments.length > 0 ? moments : [0];
  return Promise.all(
    wanted.map(async (at, n) => {
      const name = outputName.poster(n);
      const file = join(tools.context.scratch, name);
      assertRan(await tools.run(posterArgs(url, at, file)), null);
      return { ...(await tools.outputs.put(name, file)), uploadId: null };
    }),
  );
}

async function thumbScores(tools: Toolbox, url: string, duration: number): Promise<Score[]> {
  const interval = thumbInterval(duration);
  const pieces: Buffer[] = [];
  assertRan(await tools.run(thumbArgs(url, interval), undefined, (bytes) => pieces.push(bytes)), null);
  const bytes = Buffer.concat(pieces);
  const length = THUMB.width * THUMB.height;
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, n) => ({
    at: n * interval,
    score: scoreOf(bytes.subarray(n * length, (n + 1) * length)),
  }));
}

/** Uploads the sheets of a storyboard. */
export async function storyboardOf(
  tools: Toolbox,
  url: string,
  inputs: LeaseOf<"finish">["inputs"],
): Promise<Storyboard> {
  const { scratch } = tools.context;
  const sheet = sheetPlan(inputs.duration, inputs.rung);
  assertRan(await tools.run(sheetArgs(url, sheet, join(scratch, "sheet-%d.jpg"))), null);
  const made = (await readdir(scratch)).filter((name) => /^sheet-\d+\.jpg$/.test(name)).length;
  const wanted = Math.ceil(sheet.tiles / (sheet.columns * sheet.rows));
  if (made === 0) throw new MediaFailure("transcoder.output_invalid", "no storyboard sheet was made");
  const sheets: PlainObject[] = [];
  for (let n = 0; n < Math.min(made, wanted); n++) {
    const file = join(scratch, `sheet-${n}.jpg`);
    sheets.push({ ...(await tools.outputs.put(outputName.storyboard(n), file)), uploadId: null });
  }
  const tiles = Math.min(sheet.tiles, sheets.length * sheet.columns * sheet.rows);
  return { sheets, ...sheet, tiles };
}
