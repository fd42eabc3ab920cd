/** The video filters: deinterlaced, on the grid, in SDR BT.709, scaled to each rung. */
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan, Rational, SourceFacts } from "@storagex/contract/tasks/plan";

type Size = Pick<Rung, "width" | "height">;

/** HDR (PQ or HLG) to SDR: linear light, BT.709 primaries, a film-like curve, then the BT.709 transfer. */
const tonemap = (colours: SourceFacts["colours"]) =>
  [
    // The next filter uses the frames' own properties, which are set here.
    `zscale=${asRead(colours)}${colours ? `p=${colours.primaries}:` : ""}t=linear:npl=100`,
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
    "format=yuv420p",
  ].join(",");

/**
 * SDR of other primaries, transfer or matrix: through linear light, as a reference display shows both (ITU-R
 * BT.1886). Colours outside BT.709 are clipped in RGB: in Y'CbCr one channel's excess would darken the
 * others.
 */
const toBt709 = (colours: SourceFacts["colours"]) =>
  `zscale=${asRead(colours)}p=bt709:t=bt709:m=gbr:r=pc,format=gbrp12le,zscale=m=bt709:r=tv,format=yuv420p`;

/**
 * The properties that zscale assumes, whatever the frames declare: with one tag missing it finds no
 * conversion.
 */
const asRead = (colours: SourceFacts["colours"]) =>
  colours
    ? `pin=${colours.primaries}:tin=${colours.transfer}:min=${colours.matrix}:rin=${colours.range}:`
    : "";

/**
 * Ticks a second that represent every grid point exactly, fine compared with a frame and coarse compared with
 * a microsecond. `fps` rounds its start to the source's own ticks (and reads it in microseconds): with an
 * error of a third of a tick, a frame half-way between two slots would go into another slot than in a single
 * pass.
 */
const tick = (rate: Rational) => rate.num * Math.max(1, Math.floor(500_000 / rate.num));

/**
 * At a constant rate, the last frame lasts at least half a frame: `fps` drops a frame that ends sooner, and
 * an edit list made for the audio ends it sooner. The end of the stream arrives here as a time without a
 * frame; between frames the filter changes nothing, because they are further apart.
 */
function lastFrameKept({ variableFrameRate }: SourceFacts, rate: Rational): string[] {
  if (variableFrameRate) return [];
  const half = Math.floor((tick(rate) * rate.den) / rate.num / 2);
  return [`setpts='if(isnan(PREV_INPTS),PTS,max(PTS,PREV_INPTS+${half}))'`];
}

/** Relative to the first frame's aspect ratio: the tolerance for rounding. */
const SAME_SHAPE = 0.01;

/**
 * Scaling to a size in square pixels; `more` is added to the scaler's options. A frame with another aspect
 * ratio than the first one is fitted in and gets bars. Both filters evaluate each frame anew, so a chunk may
 * begin with any of them.
 */
function fitted({ width, height }: Size, { aspect }: SourceFacts, more = ""): string {
  if (aspect === undefined) return `scale=${width}:${height}:flags=bicubic${more}`;
  const unless = (usual: number, other: string) =>
    `'if(lt(abs(dar/${aspect.toFixed(6)}-1),${SAME_SHAPE}),${usual},max(2,min(${usual},2*round(${other}/2))))'`;
  const size = `w=${unless(width, `${height}*dar`)}:h=${unless(height, `${width}/dar`)}`;
  return `scale=${size}:eval=frame:flags=bicubic${more},pad=${width}:${height}:-1:-1:eval=frame`;
}

/** Converts to SDR BT.709 where scaling alone is not enough; zscale takes frames of one even size only. */
function converted(source: SourceFacts, top: Size): string[] {
  const { hdr, colours } = source;
  if (!hdr && !colours) return [];
  // Floating-point light is expensive: never more pixels than the largest rung has.
  const range = colours ? `:in_range=${colours.range}:out_range=${colours.range}` : "";
  return [fitted(top, source, range), hdr ? tonemap(colours) : toBt709(colours)];
}

/**
 * Brings a frame whose size differs from the first one's to that size, with bars where its shape differs too;
 * all others pass unchanged. Bars, because FFmpeg 7 gives every frame the first one's pixel aspect behind a
 * filter: a frame that was only scaled would have lost its shape.
 */
function sizedAlike({ frame, aspect }: SourceFacts): string[] {
  if (!frame || aspect === undefined) return ["scale"];
  const { width, height } = frame;
  const unless = (usual: number, share: string) =>
    `'if(eq(iw,${width})*eq(ih,${height}),${usual},max(2,min(${usual},2*round(${usual}*min(1,${share})/2))))'`;
  const shape = aspect.toFixed(6);
  const size = `w=${unless(width, `dar/${shape}`)}:h=${unless(height, `${shape}/dar`)}`;
  return [`scale=${size}:eval=frame`, `pad=${width}:${height}:-1:-1:eval=frame`];
}

/**
 * Turns interlaced frames into progressive ones; progressive ones pass unchanged. The deinterlacer reads
 * neighbouring frames without checking their size.
 */
function deinterlaced(source: SourceFacts): string[] {
  if (!source.interlaced && !source.deinterlace) return [];
  const { by, to } = source.deinterlace ?? { by: "flags", to: "frames" };
  // The detector flags each frame from its own content and its neighbours'.
  const seen = by === "content" ? ["idet"] : [];
  return [
    ...sizedAlike(source),
    ...seen,
    `bwdif=mode=${to === "fields" ? "send_field" : "send_frame"}:deint=interlaced`,
  ];
}

/** Timestamps of frames that are counted: FFmpeg's guess for packets without one depends on their order. */
const timed = ({ counted }: SourceFacts): string[] =>
  counted
    ? [`setpts='round((${counted.start.toFixed(6)}+N*${counted.rate.den}/${counted.rate.num})/TB)'`]
    : [];

/**
 * The filters that run once for all rungs, in order. `begin` (seconds) is the chunk's first timestamp: `fps`
 * drops the pre-roll before it and repeats or drops frames so that every slot of the grid holds the frame
 * that was on screen.
 */
export function frameFilters(plan: Plan, begin: number): string {
  const { source, grid } = plan;
  const top = plan.rungs.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
  return [
    // First: the next ones may make two frames out of one.
    ...timed(source),
    // Before fps: it needs the source's real neighbouring frames.
    ...deinterlaced(source),
    `settb=1/${tick(grid.rate)}`,
    ...lastFrameKept(source, grid.rate),
    `fps=${grid.rate.num}/${grid.rate.den}:start_time=${begin.toFixed(6)}`,
    ...converted(source, top),
  ].join(",");
}

/**
 * One rung's scaling to square pixels (a rung's size is in displayed pixels), in BT.709 whatever the source's
 * matrix is.
 */
export const rungFilter = (rung: Rung, source: SourceFacts): string => {
  if (source.hdr || source.colours) return `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`;
  const matrix = `:in_color_matrix=${source.matrix ?? "bt709"}:out_color_matrix=bt709:out_range=tv`;
  return `${fitted(rung, source, matrix)},setsar=1`;
};
