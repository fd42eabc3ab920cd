/** One place for the reasons why a worker takes no messages: it takes them again when none is left. */

type Reason = "draining" | "no scratch";
export type Pauses = { set(reason: Reason, holds: boolean): void };

/** `pause` is called with each change of whether there is a reason. */
export function makePauses(pause: (isPaused: boolean) => void): Pauses {
  const reasons = new Set<Reason>();
  return {
    set(reason, holds) {
      const wasPaused = reasons.size > 0;
      if (holds) reasons.add(reason);
      else reasons.delete(reason);
      if (reasons.size > 0 !== wasPaused) pause(!wasPaused);
    },
  };
}
