/**
 * An H.264 encoder as the rest of the code sees it: FFmpeg arguments only, nothing about chunks, leases or
 * the object store.
 */
import type { Rung } from "@storagex/contract/media/ladder";
import type { encoderChoiceSchema } from "@storagex/contract/settings/settings";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { z } from "zod";
import { perSecond } from "../plan/grid.ts";
import { levelFor } from "../plan/h264-level.ts";

export type EncoderChoice = z.infer<typeof encoderChoiceSchema>;
export type EncoderName = Exclude<EncoderChoice, "auto">;

export type Encoder = {
  name: EncoderName;
  /** For the log: how it is used, e.g. `vaapi (QVBR, /dev/dri/renderD128)`. */
  label: string;
  /**
   * The device file whose group FFmpeg's own user needs; null where there is none or everybody may open it.
   */
  device: string | null;
  /** Options before the input. */
  init: readonly string[];
  /** The end of a rung's filters, from `,` on: uploads frames to the device's memory. */
  upload: string;
  /** `-c:v` and everything that concerns the encoder alone, for one rung. */
  args(rung: Rung, plan: Plan): string[];
};

/** Our frames are BT.709 in limited range, and are tagged so. */
export const bt709 = [
  ...["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"],
];

/** A fixed level: the SPS, and so the init segment, must not depend on a chunk's content. */
export const levelOf = (rung: Rung, plan: Plan): string =>
  levelFor({ ...rung, frameRate: perSecond(plan.grid.rate) });

/**
 * Parameter sets also before every keyframe. Browsers use each chunk's own init segment (EXT-X-MAP); FFmpeg's
 * HLS reader, and what is built on it, keeps the first one and would decode another encoder's chunks with it.
 * Needed only where encoders may be mixed.
 */
export const inBand = ["-bsf:v", "dump_extra=freq=keyframe"];
