/**
 * Stills of `finish`: the storyboard and the best times for posters from the smallest rendition, the posters
 * from the MP4.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { PlainObject, Storyboard } from "@storagex/contract/tasks/report";
import {
  bestTimes,
  overviewArgs,
  posterArgs,
  type SheetPlan,
  scoresOf,
  sheetPlan,
  thumbInterval,
} from "../../media/args/stills.ts";
import { MediaFailure } from "../../media/failure.ts";
import { secondsAt } from "../../media/plan/grid.ts";
import { assertRan } from "../result.ts";
import type { StepTools } from "../step-tools.ts";
import { joinChunks } from "./join-chunks.ts";

const CANDIDATES = 6;
type Overview = {
  storyboard: Storyboard;
  /** Seconds, best first: not black, not flat, sharp, spread over the video. */
  times: number[];
};

/**
 * Decodes the keyframes of the whole video once; uploads the storyboard's sheets. Throws like `assertRan`,
 * and where no sheet was made.
 */
export async function overviewOf(tools: StepTools, { inputs, plan }: LeaseOf<"finish">): Promise<Overview> {
  const { scratch, inputs: rights } = tools.context;
  const { transfer } = await joinChunks("overview", inputs.overview, rights.overview, tools);
  const interval = thumbInterval(inputs.duration);
  // Where audio is longer than a copied rung's frames, the rest has no frames to show.
  const frames = inputs.overview.reduce((sum, piece) => sum + piece.frames, 0);
  const shown = Math.min(inputs.duration, secondsAt(frames, plan.grid.rate));
  const sheet = sheetPlan(shown, inputs.rung);
  const pieces: Buffer[] = [];
  const args = overviewArgs(transfer.url, interval, sheet, join(scratch, "sheet-%d.jpg"));
  assertRan(await tools.run(args, undefined, (bytes) => pieces.push(bytes)), transfer);
  const scores = scoresOf(Buffer.concat(pieces)).map((score, n) => ({ at: n * interval, score }));
  const times = bestTimes(scores, CANDIDATES, shown);
  return { storyboard: await storyboardOf(tools, sheet), times: times.length > 0 ? times : [0] };
}

/**
 * Uploads a poster for each time (seconds, best first) with a keyframe at or after it, made from the MP4 at
 * `url`. Throws like `assertRan`, and where there is none at all.
 */
export async function postersAt(
  tools: StepTools,
  url: string,
  times: readonly number[],
): Promise<PlainObject[]> {
  const fileOf = (n: number) => join(tools.context.scratch, outputName.poster(n));
  assertRan(await tools.run(posterArgs(url, times, fileOf)), null);
  const made = times.map((_, n) => fileOf(n)).filter((file) => existsSync(file));
  if (made.length === 0) throw new MediaFailure("transcoder.output_invalid", "no poster was made");
  return Promise.all(
    made.map(async (file, n) => ({
      ...(await tools.outputs.put(outputName.poster(n), file)),
      uploadId: null,
    })),
  );
}

async function storyboardOf(tools: StepTools, sheet: SheetPlan): Promise<Storyboard> {
  const { scratch } = tools.context;
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
