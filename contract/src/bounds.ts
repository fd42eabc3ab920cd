/** What numbers in reports may be at most: what is physically possible, so that a bug writes no absurd row. */
import { z } from "zod";

export const MAX = {
  /** Bytes of an object that goes up at once, and of any (S3's own limits). */
  put: 5 * 2 ** 30,
  object: 5 * 2 ** 40,
  /** A PostgreSQL integer, an MP4 timescale. */
  int32: 2 ** 31 - 1,
  /** Seconds of a source, with room for its last picture. */
  seconds: 25 * 3600,
  /** Of a day: pictures at 60 a second, segments of a second and a half. */
  frames: 6_000_000,
  segments: 60_000,
  /** Pieces of sound of a day, the shortest there are. */
  pieces: 30_000,
  /** Bits per second: an hour of it fills the largest upload many times. */
  bitrate: 2 ** 40,
  /** Seconds of wall time that an attempt takes, waits for its answer included; of CPU on a thousand cores for as long. */
  wall: 200_000,
  cpu: 200_000_000,
  /** Times real time. */
  speed: 1_000_000,
} as const;

/** A whole number from 0 or 1 on. */
export const countUpTo = (most: number) => z.number().int().min(0).max(most);
export const oneUpTo = (most: number) => z.number().int().positive().max(most);
