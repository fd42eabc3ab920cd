/**
 * Upper bounds for numbers in reports: what is physically possible, so that a bug cannot write an absurd row.
 */
import { z } from "zod";

export const MAX = {
  /** Bytes of an object uploaded with one PUT, and of any object (S3's own limits). */
  put: 5 * 2 ** 30,
  object: 5 * 2 ** 40,
  /** A PostgreSQL integer, an MP4 timescale. */
  int32: 2 ** 31 - 1,
  /** Seconds of a source: a day, with a margin for its last frame. */
  seconds: 25 * 3600,
  /** For a day: frames at 60 a second, segments of 1.5 seconds. */
  frames: 6_000_000,
  segments: 60_000,
  /** For a day: audio pieces of the shortest length. */
  pieces: 30_000,
  /** Bits per second: one hour at this rate fills the largest upload many times. */
  bitrate: 2 ** 40,
  /**
   * Seconds of wall time that an attempt takes, waiting for responses included; of CPU on a thousand cores
   * for as long.
   */
  wall: 200_000,
  cpu: 200_000_000,
  /** Times real time. */
  speed: 1_000_000,
} as const;

/** An integer from 0, or from 1. */
export const countUpTo = (max: number) => z.number().int().min(0).max(max);
export const oneUpTo = (max: number) => z.number().int().positive().max(max);
