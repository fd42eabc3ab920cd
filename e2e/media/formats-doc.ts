/** Writes `docs/formats.md`: the table of formats with the measurements of each entry's file. */
import { AUDIO_CODECS, type Codec, TEXT_CODECS, VIDEO_CODECS } from "@storagex/contract/formats/codecs";
import { CONTAINERS, type ContainerFormat } from "@storagex/contract/formats/containers";
import { z } from "zod";
import { type FormatSample, SAMPLES } from "./format-samples.ts";

/** Measurements of one file after the product, against its source. */
const measuredSchema = z.object({
  size: z.string(),
  frames: z.number(),
  /** Seconds by which the beep moved against the flash, the worse of MP4 and HLS. */
  offset: z.number(),
  /** dB by which the beep became louder. */
  level: z.number(),
  /** The largest colour error of a quarter (0–255). */
  colour: z.number(),
});
export const resultsSchema = z.record(z.string(), measuredSchema);
export type Measured = z.infer<typeof measuredSchema>;
export type Results = Readonly<Record<string, Measured>>;

const HEAD = `# Formats

What a source may be. Everything else is refused, with a reason that names it. The bytes decide: a content type is a hint, and a
file's ending says nothing.

This page is written by \`npm run formats\` from \`contract/src/formats\`, the one place that holds the table, and from
\`e2e/media/formats.json\`, what a run of the product came to: one small file per entry goes through API, broker and worker, and
its MP4 and HLS are measured by plain FFmpeg.`;

const MEASURED = `Each file shows four quarters of colour that turn white at 0.4 s, while a tone of 1 kHz sounds. *Sync* is how far flash and beep
moved against each other (the worse of MP4 and HLS), *level* how much louder the tone became, *colour* the largest difference
of a quarter's red, green or blue (0–255) from what was drawn, the encoder's own loss included. The source has 30 frames;
in AVI and ASF an encoder may put an empty one before them for the delay of the audio, and Theora's writes none for frames that
repeat, the last ones included. Rendered frames are those of FFmpeg's own decoding.`;

const LEFT_OUT = `## Left out

- Elementary streams (\`.m2v\`, \`.h264\`), which hold neither times nor audio: put them into MP4 or MKV first
  (\`source.bare_stream\`).
- RealMedia, and codecs without an encoder in FFmpeg or a free file to test them with: WMV 9 and VC-1, WMA Pro, VP6, Sorenson
  Video 3, QDesign Music, RealVideo, Indeo, the screen codecs of Camtasia and Windows Media. A decoder that no test of ours
  reaches is not opened for an untrusted file.
- Images as video (PNG, GIF, JPEG 2000), playlists and scripts (HLS, DASH, concat): their readers follow addresses or have a
  record of faults.
- Planar PCM, which none of these containers holds.
- Bitmap subtitles (DVD, DVB, Blu-ray): the video is taken without them.`;

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");
const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(" ");

const containers = () =>
  table(
    ["container", "FFmpeg", "file endings", "content types"],
    Object.values<ContainerFormat>(CONTAINERS).map(({ name, demuxers, endings, contentTypes }) => [
      name,
      code(demuxers),
      code(endings),
      code(contentTypes),
    ]),
  );

/** `of` names the files that contain the codec. */
const codecs = (entries: Readonly<Record<string, Codec>>, of: (codec: string) => readonly string[]) =>
  table(
    ["codec", "FFmpeg", "decoders", "tested in"],
    Object.entries(entries).map(([codec, { name, decoders = [codec] }]) => [
      name,
      code([codec]),
      code(decoders),
      code(of(codec)),
    ]),
  );

const files = (which: (sample: FormatSample) => boolean) => SAMPLES.filter(which).map(({ file }) => file);

function result({ file }: FormatSample, results: Results): string[] {
  const found = results[file];
  if (!found) return [code([file]), "not measured", "", "", "", ""];
  const { size, frames, offset, level, colour } = found;
  // A difference below a tenth is shown as zero, without a sign.
  const shown = Math.abs(level) < 0.05 ? "0.0" : level.toFixed(1);
  return [
    ...[code([file]), size, String(frames), `${Math.round(offset * 1000)} ms`],
    ...[`${shown} dB`, String(Math.round(colour))],
  ];
}

/** The document's text. */
export function formatsDoc(results: Results): string {
  const measured = table(
    ["file", "size", "frames", "sync", "level", "colour"],
    SAMPLES.map((sample) => result(sample, results)),
  );
  const text = table(
    ["text track", "FFmpeg"],
    Object.entries<Codec>(TEXT_CODECS).map(([codec, { name }]) => [name, code([codec])]),
  );
  return `${[
    HEAD,
    `## Containers\n\n${containers()}`,
    `## Video\n\n${codecs(VIDEO_CODECS, (codec) => files(({ video }) => video === codec))}`,
    `## Audio\n\n${codecs(AUDIO_CODECS, (codec) => files(({ audio }) => audio === codec))}`,
    `## Text\n\nBecome captions, as WebVTT.\n\n${text}`,
    `## Measured\n\n${MEASURED}\n\n${measured}`,
    LEFT_OUT,
  ].join("\n\n")}\n`;
}
