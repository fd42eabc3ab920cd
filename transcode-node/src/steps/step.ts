/**
 * What every step gets from the worker and what it returns: the interface between `worker/` (leases, reports)
 * and `steps/` (the work).
 */
import type { MediaNote } from "@storagex/contract/media/note";
import type { Deinterlace } from "@storagex/contract/settings/settings";
import type { MediaObject, ProgressAnswer } from "@storagex/contract/tasks/report";
import type { Logger } from "pino";
import type { EncoderInUse } from "../media/encoders/in-use.ts";
import type { Renewable } from "../transfer/object-read.ts";

/** Response to a progress report while the lease is valid. */
export type HeldAnswer = Extract<ProgressAnswer, { outcome: "held" }>;

/** The worker's FFmpeg, and its H.264 encoder. */
export type Tools = {
  ffmpeg: string;
  ffprobe: string;
  h264: EncoderInUse;
  /** How a plan deinterlaces; absent: to frames. */
  deinterlace?: Deinterlace;
};

export type FinishInput = "video" | "audio" | "overview" | "samples";

export type StepContext = {
  /** An empty folder of this attempt; the worker removes it afterwards. */
  scratch: string;
  /**
   * Aborted when the lease is lost, the hard limit is reached or the worker shuts down: FFmpeg must be dead
   * within 2 s.
   */
  signal: AbortSignal;
  log: Logger;
  tools: Tools;
  source: Renewable;
  /**
   * `finish` only: renewable read grants for its inputs, in the lease's order (quality samples one after the
   * other). Empty otherwise.
   */
  inputs: Record<FinishInput, Renewable[]>;
  /**
   * Records progress (0–1, cheap, called for every progress line of FFmpeg); the worker sends it at most once
   * a second.
   */
  progress(fraction: number, speed: number | null): void;
  /** Adds a note for the video's owner; it is sent with the result. */
  note(note: MediaNote): void;
  /**
   * Sends a report now and waits for its response: publishes audio pieces or requests outputs. Throws when
   * the lease is lost.
   */
  report(extra: {
    pieces?: MediaObject[];
    want?: { name: string; size: number | null; uploadId: string | null }[];
  }): Promise<HeldAnswer>;
};
