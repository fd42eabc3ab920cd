/**
 * The encoder that a worker uses now: the chosen hardware, or software for a while where the hardware keeps
 * failing.
 */
import type { Encoder, EncoderName } from "./encoder.ts";
import { softwareBesideHardware } from "./software.ts";

/** Consecutive chunks that software had to encode instead before the hardware is paused. */
const FAILURES = 3;
/** A lost device often comes back: when its driver does, or when another process releases its sessions. */
const PAUSE_MS = 10 * 60_000;

export type EncoderInUse = {
  /** The encoder of the worker, apart from what other chunks use. */
  current(): Encoder;
  /** The encoder for one chunk. `release` it when the chunk is encoded or has failed, once. */
  take(): { encoder: Encoder; release(): void };
  /** Records how a chunk went; `saved`: the hardware failed, and software succeeded. */
  note(outcome: "encoded" | "saved", by: Encoder): void;
};

type Options = {
  /** Chunks that may be encoded on NVIDIA's hardware at a time; its drivers limit the sessions of a machine. */
  maxChunks?: number;
  /** Called for every chunk. */
  count?: (encoder: EncoderName, outcome: "encoded" | "saved") => void;
  /** A clock in milliseconds. */
  now?: () => number;
};

/**
 * The lanes of a worker may run more chunks at a time than it has slots, and stopped ones keep their sessions.
 * A chunk for which the hardware has no place is encoded in software.
 */
export function useEncoder(
  chosen: Encoder,
  {
    maxChunks = Number.POSITIVE_INFINITY,
    count = () => undefined,
    now = () => performance.now(),
  }: Options = {},
): EncoderInUse {
  const max = chosen.name === "nvenc" ? maxChunks : Number.POSITIVE_INFINITY;
  let inHardware = 0;
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  const current = () => (now() < restsUntil ? softwareBesideHardware : chosen);
  return {
    current,
    take() {
      const encoder = current();
      if (encoder.name === "software") return { encoder, release: () => undefined };
      if (inHardware >= max) return { encoder: softwareBesideHardware, release: () => undefined };
      inHardware += 1;
      return {
        encoder,
        release: () => {
          inHardware -= 1;
        },
      };
    },
    note: (outcome, by) => {
      count(by.name, outcome);
      if (by.name === "software") return;
      failures = outcome === "saved" ? failures + 1 : 0;
      if (failures < FAILURES) return;
      failures = 0;
      restsUntil = now() + PAUSE_MS;
    },
  };
}
