/** A task is one unit of work. What is a fact of its kind stands here; everything else reads it. */
import { z } from "zod";

/**
 * `express`: plan and first chunk, until the first frame can be shown, and posters that a person waits for. `audio`: tracks, which span the whole
 * file. `short`: the rest of short videos. `bulk`: the rest of long ones, and every message of a release
 * without lanes.
 */
export const LANES = ["express", "audio", "short", "bulk"] as const;
export type Lane = (typeof LANES)[number];

type FactsOfKind = {
  /**
   * Wall time in seconds after which a worker kills its own work; at most half the broker's consumer timeout
   * (12 h).
   */
  hardLimit: number;
  /**
   * Its share of a video's progress: a fraction of the whole, or what a second of media costs, relative to a
   * second of encoded video. Null where the video is completed already.
   */
  progress: { ofWhole: number } | { perSecond: number } | null;
  /** The names that it may request to write: one plain path element, never another task's. */
  outputs: RegExp;
  /**
   * Always the same, or by the seconds that something has at most: the first chunk in `express` (a longer one,
   * of a source that cannot be seeked, would block the lane), and the video in `short`.
   */
  lane: Lane | { firstChunk: number; short: number };
};

/** `poster` makes the image that an owner chose for a completed video; the others process the source. */
export const TASK_KINDS = {
  plan: {
    hardLimit: 3_600,
    // Probing is short.
    progress: { ofWhole: 0.03 },
    outputs: /^mezzanine\.mp4$/,
    lane: "express",
  },
  encode: {
    hardLimit: 10_800,
    progress: { perSecond: 1 },
    outputs: /^[a-z0-9-]{1,24}-\d{1,5}\.mp4$/,
    lane: { firstChunk: 16, short: 60 },
  },
  audio: {
    hardLimit: 21_600,
    progress: { perSecond: 0.05 },
    outputs: /^audio-\d{1,3}-\d{1,6}\.mp4$/,
    lane: "audio",
  },
  finish: {
    hardLimit: 10_800,
    // It only remuxes.
    progress: { ofWhole: 0.07 },
    outputs: /^(video\.mp4|(poster|storyboard)-\d{1,4}\.jpg|captions-\d{1,3}\.vtt)$/,
    // Of half an hour it costs no more than the other tasks of a short video.
    lane: { firstChunk: 0, short: 1_800 },
  },
  poster: {
    hardLimit: 600,
    progress: null,
    outputs: /^poster-0\.jpg$/,
    lane: "express",
  },
} as const satisfies Record<string, FactsOfKind>;

export type TaskKind = keyof typeof TASK_KINDS;
export const taskKindSchema = z.enum(Object.keys(TASK_KINDS) as TaskKind[]);

/** The kinds that a union by kind lacks. */
export type MissingKinds<T extends { kind: TaskKind }> = Exclude<TaskKind, T["kind"]>;
/** `T`; does not compile where a kind is missing. */
export type OfEveryKind<T, _Missing extends never> = T;
