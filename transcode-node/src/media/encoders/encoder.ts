/** What an encoder of H.264 is to the rest of the rooms: words for FFmpeg, and nothing that knows chunks, leases or storage. */
import type { Rung } from "@storagex/contract/media/ladder";
import type { encoderChoiceSchema } from "@storagex/contract/settings/settings";
import type { Plan } from "@storagex/contract/tasks/task";
import type { z } from "zod";
import { perSecond } from "../plan/grid.ts";
import { levelFor } from "../plan/level.ts";

export type EncoderChoice = z.infer<typeof encoderChoiceSchema>;
export type EncoderName = Exclude<EncoderChoice, "auto">;

export type Encoder = {
  name: EncoderName;
  /** For the log: the way it is used, e.g. `vaapi (QVBR, /dev/dri/renderD128)`. */
  label: string;
  /** The device file whose group FFmpeg's own user needs; null where there is none or everybody may. */
  device: string | null;
  /** Options before the input. */
  init: readonly string[];
  /** What ends a rung's filters, from `,` on: the way into the device's memory. */
  upload: string;
  /** `-c:v` and everything that concerns the encoder alone, for one rung. */
  args(rung: Rung, plan: Plan): string[];
};

/** Our pictures are BT.709 in limited range, and say so. */
export const bt709 = [
  ...["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"],
];

/** A fixed level: the SPS, and so the init, must not depend on what a chunk shows. */
export const levelOf = (rung: Rung, plan: Plan): string =>
  levelFor({ ...rung, frameRate: perSecond(plan.grid.rate) });

/**
 * Parameter sets before every keyframe too. Browsers take each chunk's own init (EXT-X-MAP); FFmpeg's HLS reader, and what is
 * built on it, keeps the first one and would decode another encoder's chunks by it. Needed only where encoders may be mixed.
 */
export const inBand = ["-bsf:v", "dump_extra=freq=keyframe"];
