/** The encoder that a worker uses now: the chosen hardware, or software for a while where the hardware keeps failing. */
import type { Encoder, EncoderName } from "./encoder.ts";
import { softwareBesideHardware } from "./software.ts";

/** Chunks in a row that software had to save before the hardware is left alone. */
const FAILURES = 3;
/** A lost device often comes back: with its driver, or with whoever held all its sessions gone. */
const PAUSE_MS = 10 * 60_000;

export type EncoderInUse = {
  current(): Encoder;
  /** Says how a chunk went; `saved`: the hardware could not, and software could. */
  note(outcome: "encoded" | "saved", by: Encoder): void;
};

/** `count` is told every chunk. `now` is a clock in milliseconds. */
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
