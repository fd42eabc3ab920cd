/**
 * The ladder: which renditions a source gets. Used by the planner (rungs), the edge (names, CODECS) and the
 * dashboard.
 */
import { z } from "zod";
import { MAX } from "../bounds.ts";

/**
 * A rung's size is the SHORT side of the displayed frame; rates are bits per second at up to 30 frames per
 * second.
 */
type RungRecipe = { name: string; shortSide: number; crf: number; maxrate: number };

export const LADDER: readonly RungRecipe[] = [
  { name: "2160p", shortSide: 2160, crf: 22, maxrate: 16_000_000 },
  { name: "1440p", shortSide: 1440, crf: 22, maxrate: 9_000_000 },
  { name: "1080p", shortSide: 1080, crf: 22, maxrate: 5_500_000 },
  { name: "720p", shortSide: 720, crf: 22, maxrate: 3_000_000 },
  { name: "480p", shortSide: 480, crf: 23, maxrate: 1_400_000 },
  { name: "360p", shortSide: 360, crf: 24, maxrate: 800_000 },
];

/**
 * One encoded version of the video, as the plan fixes it for a generation. Width and height are display
 * pixels (square).
 */
export const rungSchema = z.object({
  name: z.string().regex(/^[a-z0-9-]{1,24}$/),
  codec: z.enum(["h264", "av1"]),
  width: z.number().int().min(2).max(8192).multipleOf(2),
  height: z.number().int().min(2).max(8192).multipleOf(2),
  crf: z.number().min(0).max(63),
  /** Bits per second; the cap of the capped CRF. */
  maxrate: z.number().int().positive().max(MAX.bitrate),
  /** True: the source's own packets, not an encode. `maxrate` is then the bitrate of its largest segment. */
  copied: z.boolean().optional(),
});
export type Rung = z.infer<typeof rungSchema>;

/**
 * A source gets a rung of its own size where its short side exceeds the next lower rung's by more than this
 * share.
 */
const OWN_RUNG = 1.1;

/** The recipe between two rungs: the bitrate interpolated by pixel count, the CRF by the short side. */
function between(lower: RungRecipe, upper: RungRecipe, shortSide: number): RungRecipe {
  const share = (at: (side: number) => number) =>
    (at(shortSide) - at(lower.shortSide)) / (at(upper.shortSide) - at(lower.shortSide));
  const pixels = share((side) => side ** 2);
  return {
    name: `${shortSide}p`,
    shortSide,
    crf: Math.round(lower.crf + share((side) => side) * (upper.crf - lower.crf)),
    maxrate: Math.round(lower.maxrate + pixels * (upper.maxrate - lower.maxrate)),
  };
}

/**
 * The recipes up to a frame's short side (even), highest first: the ladder's, and above them one of the
 * source's own size.
 */
function recipesFor(shortSide: number): RungRecipe[] {
  const below = LADDER.filter((rung) => rung.shortSide <= shortSide);
  const [lower] = below;
  const upper = LADDER[LADDER.length - below.length - 1];
  if (!lower || !upper || shortSide <= OWN_RUNG * lower.shortSide) return below;
  return [between(lower, upper, shortSide), ...below];
}

const even = (n: number) => Math.max(2, Math.round(n / 2) * 2);

/**
 * The H.264 rungs for displayed frames of `width` × `height` pixels: never upscaled; 720p whenever the source
 * reaches it; one rung of the source's own even size below 360; one above the others where a source lies
 * between two. A `frameRate` above 30 raises the caps by 1.3; `sourceRate` (bits per second, 0 = unknown)
 * bounds them.
 */
export function ladderFor(source: {
  width: number;
  height: number;
  frameRate: number;
  sourceRate: number;
}): Rung[] {
  const shortSide = Math.min(source.width, source.height);
  const lift = source.frameRate > 30 ? 1.3 : 1;
  const cap = (rate: number) => {
    const lifted = Math.round(rate * lift);
    // The source's bitrate bounds the rung of its own size; lower rungs get their share by pixel count, with
    // a floor that keeps the image intact.
    return source.sourceRate > 0
      ? Math.min(lifted, Math.max(200_000, Math.round(source.sourceRate)))
      : lifted;
  };
  const rungs = recipesFor(even(shortSide)).map((rung) => {
    const scale = Math.min(1, rung.shortSide / shortSide);
    return {
      name: rung.name,
      codec: "h264" as const,
      width: even(source.width * scale),
      height: even(source.height * scale),
      crf: rung.crf,
      maxrate: cap(rung.maxrate),
    };
  });
  if (rungs.length > 0) return rungs;
  const width = even(source.width);
  const height = even(source.height);
  const name = `${Math.min(width, height)}p`;
  return [{ name, codec: "h264", width, height, crf: 24, maxrate: cap(800_000) }];
}

const shortSideOf = ({ width, height }: Rung) => Math.min(width, height);

const fallingH264 = (rungs: readonly Rung[]): Rung[] =>
  rungs.filter(({ codec }) => codec === "h264").sort((a, b) => shortSideOf(b) - shortSideOf(a));

/**
 * The rendition that the MP4 and the posters are made of: the highest H.264 rung up to 720p, or else the
 * smallest one.
 */
export function movieRung(rungs: readonly Rung[]): Rung {
  const rung = fallingH264(rungs).find((candidate) => shortSideOf(candidate) <= 720);
  return rung ?? overviewRung(rungs);
}

/** The rendition that is cheapest to decode as a whole: the smallest H.264 rung. */
export function overviewRung(rungs: readonly Rung[]): Rung {
  const rung = fallingH264(rungs).at(-1);
  if (!rung) throw new Error("a ladder without H.264");
  return rung;
}

/** AV1 needs about this share of H.264's bitrate for the same visual quality. */
const AV1_SHARE = 0.6;
const AV1_CRF = 35;
/** Above this size one frame costs more time than a worker should spend on an extra. */
const AV1_SHORT_SIDE = 1080;

/**
 * The AV1 rungs beside a ladder's H.264 rungs: the highest up to 1080p and, where that is higher than 480p,
 * 480p too. Only two, because each costs as much as the whole H.264 ladder.
 */
export function av1RungsFor(rungs: readonly Rung[]): Rung[] {
  const top = rungs.find((rung) => shortSideOf(rung) <= AV1_SHORT_SIDE);
  const low = rungs.find((rung) => shortSideOf(rung) === 480);
  return [...new Set([top, low])].flatMap((rung) =>
    rung
      ? [
          {
            ...rung,
            name: `${rung.name}-av1`,
            codec: "av1" as const,
            crf: AV1_CRF,
            maxrate: Math.round(rung.maxrate * AV1_SHARE),
          },
        ]
      : [],
  );
}
