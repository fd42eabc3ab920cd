/** The shape of the curve of what was watched. Pure. */

/** A stepped area in a square of 100 by 100 whose top is 1: the SVG path of its outline, closed along the ground. */
export function areaOf(shares: readonly number[]): string {
  const width = 100 / Math.max(1, shares.length);
  const top = (share: number) => tenths(100 - 100 * share);
  const steps = shares.map((share, n) => `V${top(share)}H${tenths((n + 1) * width)}`);
  return `M0 100${steps.join("")}V100Z`;
}

const tenths = (value: number) => Math.round(value * 10) / 10;

/** The step at a part (0 to 1) of the width. */
export const stepAt = (part: number, steps: number): number =>
  Math.max(0, Math.min(steps - 1, Math.floor(part * steps)));

/** How far a key moves among `steps`; undefined if it moves nothing. */
export function moveBy(key: string, steps: number): number | undefined {
  const moves: Record<string, number> = {
    ...{ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 },
    ...{ PageUp: 10, PageDown: -10, Home: -steps, End: steps },
  };
  return moves[key];
}
