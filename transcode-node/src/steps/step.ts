/** What every step gets from the worker and what it gives back: the seam between `worker/` (leases, reports) and `steps/` (the work). */
import type { MediaNote } from "@storagex/contract/media/note";
import type { Deinterlace } from "@storagex/contract/settings/settings";
import type { MediaObject, ProgressAnswer } from "@storagex/contract/tasks/report";
import type { Logger } from "pino";
import type { EncoderInUse } from "../media/encoders/in-use.ts";
import type { Renewable } from "../transfer/object-read.ts";

/** Answer to a progress report while the lease is held. */
export type HeldAnswer = Extract<ProgressAnswer, { outcome: "held" }>;

/** The worker's FFmpeg, and what encodes H.264 with it. */
export type Tools = {
  ffmpeg: string;
  ffprobe: string;
  h264: EncoderInUse;
  /** What a plan makes of interlaced frames; frames where it is left out. */
  deinterlace?: Deinterlace;
};

export type FinishInput = "video" | "audio" | "overview" | "samples";

export type StepContext = {
  /** An empty folder of this attempt's own; removed by the worker afterwards. */
  scratch: string;
  /** Aborted when the lease is gone, the hard limit is reached or the worker shuts down: FFmpeg must be dead within 2 s. */
  signal: AbortSignal;
  log: Logger;
  tools: Tools;
  source: Renewable;
  /** `finish` only: renewable rights on its inputs, same order as the lease's (samples end to end). Empty otherwise. */
  inputs: Record<FinishInput, Renewable[]>;
  /** Notes progress (0–1, cheap, called as often as FFmpeg speaks); the worker sends it at most once a second. */
  progress(fraction: number, speed: number | null): void;
  /** What the video's owner is to be told; it goes with the result. */
  note(note: MediaNote): void;
  /** Sends a report now and waits for its answer: publishes audio pieces or asks for outputs. Throws when the lease is gone. */
  report(extra: {
    pieces?: MediaObject[];
    want?: { name: string; size: number | null; uploadId: string | null }[];
  }): Promise<HeldAnswer>;
};
