/** The picture's way through the filters: deinterlaced, on the grid, in SDR BT.709, scaled to each rung. */
import type { Rung } from "@storagex/contract/ladder";
import type { Plan, Rational, SourceFacts } from "@storagex/contract/task";

/** HDR (PQ or HLG) to SDR: linear light, BT.709 primaries, a film-like curve, then the BT.709 transfer. */
const TONEMAP = [
  "zscale=t=linear:npl=100",
  "format=gbrpf32le",
  "zscale=p=bt709",
  "tonemap=tonemap=hable:desat=0",
  "zscale=t=bt709:m=bt709:r=tv",
  "format=yuv420p",
].join(",");

/**
 * Ticks a second that hold every grid point exactly, fine beside a frame and coarse beside a microsecond. `fps` rounds its
 * start to the source's own ticks (and reads it in microseconds): a third of a tick off, and a frame that lies half-way
 * between two slots goes into another one than in a single pass.
 */
const tick = (rate: Rational) => rate.num * Math.max(1, Math.floor(500_000 / rate.num));

/**
 * What is done once for all rungs, in order. `begin` (seconds) is the chunk's first moment: `fps` drops the pre-roll before
 * it and fills or drops frames so that every slot of the grid holds the frame that was on screen.
 */
export function pictureFilters(plan: Plan, begin: number): string {
  const { source, grid } = plan;
  const top = plan.rungs.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
  return [
    // Before fps: it needs the neighbours that really were there.
    ...(source.interlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []),
    `settb=1/${tick(grid.rate)}`,
    `fps=${grid.rate.num}/${grid.rate.den}:start_time=${begin.toFixed(6)}`,
    // Floating-point light is dear: never more pixels than the largest rung shows.
    ...(source.hdr ? [`scale=${top.width}:${top.height}:flags=bicubic`, TONEMAP] : []),
  ].join(",");
}

/** One rung's scaling to square pixels (rungs count displayed ones), in BT.709 whatever the source's numbers mean. */
export const rungFilter = (rung: Rung, source: SourceFacts): string => {
  const scale = `scale=${rung.width}:${rung.height}:flags=bicubic`;
  if (source.hdr) return `${scale},setsar=1`;
  return `${scale}:in_color_matrix=${source.matrix ?? "bt709"}:out_color_matrix=bt709:out_range=tv,setsar=1`;
};
