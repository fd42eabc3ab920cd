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
  current(): Encoder;
  /** Records how a chunk went; `saved`: the hardware failed, and software succeeded. */
  note(outcome: "encoded" | "saved", by: Encoder): void;
};

/** `count` is called for every chunk. `now` is a clock in milliseconds. */
export function useEncoder(
  chosen: Encoder,
  count: (encoder: EncoderName, outcome: "encoded" | "saved") => void = () => {},
  now: () => number = () => performance.now(),
): EncoderInUse {
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  return {
    current: () => (now() < restsUntil ? softwareBesideHardware : chosen),
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
