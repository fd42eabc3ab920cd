/**
 * What a source's pixel values mean (ITU-T H.273): from the probe and, where it declares nothing, from what
 * the rest implies.
 */
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../failure.ts";
import type { ProbedStream } from "./probe.ts";

type Colours = NonNullable<SourceFacts["colours"]>;

/** FFmpeg's words for an undeclared value. */
const said = (word: string | undefined) =>
  word === undefined || ["unknown", "unspecified", "reserved"].includes(word) ? undefined : word;

/**
 * Dolby Vision profiles whose base layer is meaningless without their metadata: 5, and AV1's 10 with no
 * compatible base.
 */
const isSealed = ({ dv_profile: profile, dv_bl_signal_compatibility_id: base }: DolbyVision) =>
  profile === 5 || (profile === 10 && base === 0);

type DolbyVision = ProbedStream["side_data_list"][number];
const dolbyVision = (stream: ProbedStream): DolbyVision | undefined =>
  stream.side_data_list.find(({ dv_profile }) => dv_profile !== undefined);

/** By the kind of base layer that a Dolby Vision record declares: HDR10 (also as on Blu-ray), HLG. */
const HDR_OF_BASE: Readonly<Record<number, SourceFacts["hdr"]>> = { 1: "pq", 6: "pq", 4: "hlg" };

/** Throws `source.dolby_vision` where the video cannot be shown correctly without a licensed decoder. */
export function hdrOf(stream: ProbedStream): SourceFacts["hdr"] {
  const dolby = dolbyVision(stream);
  if (dolby && isSealed(dolby))
    throw new MediaFailure("source.dolby_vision", `Dolby Vision profile ${dolby.dv_profile}`);
  const transfer = said(stream.color_transfer);
  if (transfer === undefined) return HDR_OF_BASE[dolby?.dv_bl_signal_compatibility_id ?? 0] ?? null;
  return transfer === "smpte2084" ? "pq" : transfer === "arib-std-b67" ? "hlg" : null;
}

/**
 * Matrices that every filter supports; an undeclared one is BT.2020 where the primaries are BT.2020's, else
 * BT.709 from 720 lines on and BT.601 below, as players guess.
 */
export function matrixOf(stream: ProbedStream): NonNullable<SourceFacts["matrix"]> {
  const space = said(stream.color_space);
  const unsaid = said(stream.color_primaries) === "bt2020" || hdrOf(stream) !== null;
  if (space?.startsWith("bt2020") || (space === undefined && unsaid)) return "bt2020";
  if (space === "bt709") return "bt709";
  if (space && ["smpte170m", "bt470bg", "fcc"].includes(space)) return "bt601";
  return Math.min(stream.width ?? 0, stream.height ?? 0) >= 720 ? "bt709" : "bt601";
}

/** The matrices that `zscale` supports, with their code points. Others are guessed. */
const MATRIX_CODES: Readonly<Record<string, number>> = {
  ...{ bt709: 1, fcc: 4, bt470bg: 5, smpte170m: 6, smpte240m: 7, ycgco: 8, bt2020nc: 9, bt2020c: 10 },
  ...{ "chroma-derived-nc": 12, "chroma-derived-c": 13, ictcp: 14 },
};
const GUESSED_MATRIX = { bt601: 6, bt709: 1, bt2020: 9 } as const;
/** Only zscale supports them. */
const UNUSUAL_MATRICES = new Set(["smpte240m", "ycgco", "bt2020c", "chroma-derived-nc", "chroma-derived-c"]);
const ICTCP = 14;

const PRIMARIES: Readonly<Record<string, Colours["primaries"]>> = {
  ...{ bt709: "bt709", bt470m: "bt470m", bt470bg: "bt470bg", smpte170m: "smpte170m", film: "film" },
  // The same three points under another name.
  smpte240m: "smpte170m",
  ...{ bt2020: "bt2020", smpte428: "smpte428", smpte431: "smpte431", smpte432: "smpte432" },
  ebu3213: "ebu3213",
};

/**
 * Transfer functions that a screen shows differently from BT.709's. Browsers show the rest of SDR (BT.601,
 * BT.2020, xvYCC, sRGB) like BT.709, so its values stay.
 */
const TRANSFERS: Readonly<Record<string, Colours["transfer"]>> = {
  ...{ smpte2084: "smpte2084", "arib-std-b67": "arib-std-b67" },
  ...{ bt470m: "bt470m", bt470bg: "bt470bg", linear: "linear", log100: "log100", log316: "log316" },
};
const HDR_TRANSFERS = { pq: "smpte2084", hlg: "arib-std-b67" } as const;

const isRgb = (pixelFormat: string) =>
  /^(gbr|rgb|bgr|argb|abgr|x2rgb|x2bgr|0rgb|0bgr|pal8|bayer)/.test(pixelFormat);

/**
 * The video's full colour description where it differs from BT.709 in more than the matrix (HDR, other
 * primaries or transfer, a rare matrix); undefined where scaling alone converts it to BT.709.
 */
export function coloursOf(stream: ProbedStream): Colours | undefined {
  const hdr = hdrOf(stream);
  const guessed = matrixOf(stream);
  const space = said(stream.color_space) ?? "";
  const pixels = stream.pix_fmt ?? "";
  const wide = hdr !== null || guessed === "bt2020";
  const primaries = PRIMARIES[said(stream.color_primaries) ?? ""] ?? (wide ? "bt2020" : "bt709");
  const transfer = hdr ? HDR_TRANSFERS[hdr] : (TRANSFERS[said(stream.color_transfer) ?? ""] ?? "bt709");
  const isUnusual = UNUSUAL_MATRICES.has(space) && !isRgb(pixels);
  if (primaries === "bt709" && transfer === "bt709" && !isUnusual) return undefined;
  const code = MATRIX_CODES[space] ?? GUESSED_MATRIX[guessed];
  // ICtCp is defined only for PQ and HLG.
  const matrix = code === ICTCP && !hdr ? GUESSED_MATRIX.bt2020 : code;
  return isRgb(pixels)
    ? { primaries, transfer, matrix: 0, range: "pc" }
    : {
        ...{ primaries, transfer, matrix },
        range: pixels.startsWith("yuvj") || stream.color_range === "pc" ? "pc" : "tv",
      };
}
