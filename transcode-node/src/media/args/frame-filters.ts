/** The picture's way through the filters: deinterlaced, on the grid, in SDR BT.709, scaled to each rung. */
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan, Rational, SourceFacts } from "@storagex/contract/tasks/task";

type Size = Pick<Rung, "width" | "height">;

/** HDR (PQ or HLG) to SDR: linear light, BT.709 primaries, a film-like curve, then the BT.709 transfer. */
const tonemap = (colours: SourceFacts["colours"]) =>
  [
    // The next filter goes by what the frames say, and they say what is set here.
    `zscale=${asRead(colours)}${colours ? `p=${colours.primaries}:` : ""}t=linear:npl=100`,
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
    "format=yuv420p",
  ].join(",");

/**
 * SDR of other primaries, curve or matrix: through linear light, as a reference display shows both (ITU-R BT.1886). What
 * BT.709 cannot show is cut off in RGB: in Y'CbCr one channel's excess would darken the others.
 */
const toBt709 = (colours: SourceFacts["colours"]) =>
  `zscale=${asRead(colours)}p=bt709:t=bt709:m=gbr:r=pc,format=gbrp12le,zscale=m=bt709:r=tv,format=yuv420p`;

/** What zscale takes the frames for, whatever they say of themselves: with one tag missing it knows no way. */
const asRead = (colours: SourceFacts["colours"]) =>
  colours
    ? `pin=${colours.primaries}:tin=${colours.transfer}:min=${colours.matrix}:rin=${colours.range}:`
    : "";

/**
 * Ticks a second that hold every grid point exactly, fine beside a frame and coarse beside a microsecond. `fps` rounds its
 * start to the source's own ticks (and reads it in microseconds): a third of a tick off, and a frame that lies half-way
 * between two slots goes into another one than in a single pass.
 */
const tick = (rate: Rational) => rate.num * Math.max(1, Math.floor(500_000 / rate.num));

/**
 * Of a constant rate, the last frame stands for half a frame at the least: `fps` leaves out what ends before it has stood so
 * long, and an edit list that was made for the audio ends it earlier. The end of the stream passes here as a time without a
 * frame; between frames it changes nothing, because they are further apart.
 */
function lastFrameKept({ variableFrameRate }: SourceFacts, rate: Rational): string[] {
  if (variableFrameRate) return [];
  const half = Math.floor((tick(rate) * rate.den) / rate.num / 2);
  return [`setpts='if(isnan(PREV_INPTS),PTS,max(PTS,PREV_INPTS+${half}))'`];
}

/** Of the first frame's shape, within which rounding may move a frame. */
const SAME_SHAPE = 0.01;

/**
 * Scaling to a size in square pixels, `more` added to the scaler's options. A frame of another shape than the first one's is
 * fitted in and gets bars; both filters look at each frame anew, so that a chunk may begin with any of them.
 */
function fitted({ width, height }: Size, { aspect }: SourceFacts, more = ""): string {
  if (aspect === undefined) return `scale=${width}:${height}:flags=bicubic${more}`;
  const unless = (usual: number, other: string) =>
    `'if(lt(abs(dar/${aspect.toFixed(6)}-1),${SAME_SHAPE}),${usual},max(2,min(${usual},2*round(${other}/2))))'`;
  const size = `w=${unless(width, `${height}*dar`)}:h=${unless(height, `${width}/dar`)}`;
  return `scale=${size}:eval=frame:flags=bicubic${more},pad=${width}:${height}:-1:-1:eval=frame`;
}

/** Into SDR BT.709 where scaling alone does not come to it; zscale takes frames of one even size only. */
function converted(source: SourceFacts, top: Size): string[] {
  const { hdr, colours } = source;
  if (!hdr && !colours) return [];
  // Floating-point light is dear: never more pixels than the largest rung shows.
  const range = colours ? `:in_range=${colours.range}:out_range=${colours.range}` : "";
  return [fitted(top, source, range), hdr ? tonemap(colours) : toBt709(colours)];
}

/**
 * Whole frames of interlaced ones; progressive ones pass untouched. The scaler changes nothing but a frame of another size than
 * the first: the deinterlacer reads its neighbours without asking for theirs.
 */
function deinterlaced({ interlaced, deinterlace }: SourceFacts): string[] {
  if (!interlaced && !deinterlace) return [];
  const { by, to } = deinterlace ?? { by: "flags", to: "frames" };
  // The detector flags each frame by what it sees in it and its neighbours.
  const seen = by === "content" ? ["idet"] : [];
  return ["scale", ...seen, `bwdif=mode=${to === "fields" ? "send_field" : "send_frame"}:deint=interlaced`];
}

/**
 * What is done once for all rungs, in order. `begin` (seconds) is the chunk's first moment: `fps` drops the pre-roll before
 * it and fills or drops frames so that every slot of the grid holds the frame that was on screen.
 */
export function frameFilters(plan: Plan, begin: number): string {
  const { source, grid } = plan;
  const top = plan.rungs.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
  return [
    // Before fps: it needs the neighbours that really were there.
    ...deinterlaced(source),
    `settb=1/${tick(grid.rate)}`,
    ...lastFrameKept(source, grid.rate),
    `fps=${grid.rate.num}/${grid.rate.den}:start_time=${begin.toFixed(6)}`,
    ...converted(source, top),
  ].join(",");
}

/** One rung's scaling to square pixels (rungs count displayed ones), in BT.709 whatever the source's numbers mean. */
export const rungFilter = (rung: Rung, source: SourceFacts): string => {
  if (source.hdr || source.colours) return `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`;
  const matrix = `:in_color_matrix=${source.matrix ?? "bt709"}:out_color_matrix=bt709:out_range=tv`;
  return `${fitted(rung, source, matrix)},setsar=1`;
};
