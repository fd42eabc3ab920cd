/** Which of a source's audio becomes renditions, and the notes for its owner about the rest. Pure. */
import { codecName, isAudioCodec } from "@storagex/contract/formats/codecs";
import { type MediaNote, noteOf } from "@storagex/contract/media/note";
import type { AudioTrack } from "@storagex/contract/tasks/plan";
import { MAX_CHANNELS, mixOf } from "../args/audio-mix.ts";
import type { Probed, ProbedStream } from "./probe.ts";
import { ofOtherProgrammes } from "./programme.ts";
import { labelOf, languageOf } from "./stream-tags.ts";

const MAX_TRACKS = 8;

/** `at` counts among the file's audio streams. */
type Found = { stream: ProbedStream; at: number };
type Chosen = { tracks: AudioTrack[]; notes: MediaNote[] };

/** Codecs that no supported FFmpeg decodes, by their tags in files. */
const NAMED_BY_TAG: Record<string, string> = {
  "ac-4": "Dolby AC-4",
  mha1: "MPEG-H 3D Audio",
  mhm1: "MPEG-H 3D Audio",
  iamf: "IAMF",
};

function nameOf({ codec_name, codec_long_name, codec_tag_string, channels = 0 }: ProbedStream): string {
  if (isAudioCodec(codec_name))
    return channels > MAX_CHANNELS ? `${codecName(codec_name)}, ${channels} channels` : codecName(codec_name);
  const tag = codec_tag_string?.replaceAll(/\[\d+\]/g, "").trim();
  const known = codec_name === undefined || codec_name === "unknown" ? undefined : codec_name;
  // FFmpeg's long name is clearer than its short one; the name that people use is clearer than both.
  const name = known && codecName(known);
  return (
    NAMED_BY_TAG[tag?.toLowerCase() ?? ""] ??
    (name === known ? (codec_long_name ?? known) : name) ??
    (tag || "an unknown codec")
  );
}

const isDecodable = ({ stream: { codec_name, channels = 0 } }: Found) =>
  isAudioCodec(codec_name) && channels > 0 && channels <= MAX_CHANNELS;

/** The audio of `video`'s programme that we decode, at most eight tracks. */
export function chooseAudio(probed: Probed, video: ProbedStream): Chosen {
  const foreign = ofOtherProgrammes(probed, video);
  const all = probed.streams
    .filter(({ codec_type }) => codec_type === "audio")
    .map((stream, at) => ({ stream, at }));
  const own = all.filter(({ stream }) => !foreign.has(stream.index));
  const found = own.filter(isDecodable);
  const left = own.filter((each) => !isDecodable(each));
  const { tracks, notes } = pairsOf(left.length === 0 ? found : []) ?? {
    tracks: found.map(trackOf),
    notes: [],
  };
  const taken = tracks.slice(0, MAX_TRACKS);
  const others = all.length - own.length;
  const further = tracks.length - taken.length;
  return {
    tracks: taken,
    notes: [
      ...left.map(({ stream, at }) => noteOf("audio.left_out", { track: at + 1, codec: nameOf(stream) })),
      ...notes,
      ...taken.flatMap((track) => mixOf(track).note ?? []),
      ...(others > 0 ? [noteOf("audio.other_programme", { count: others })] : []),
      ...(further > 0 ? [noteOf("audio.too_many", { taken: taken.length, left: further })] : []),
    ],
  };
}

const trackOf = ({ stream, at }: Found): AudioTrack => ({
  stream: at,
  codec: stream.codec_name ?? "",
  channels: stream.channels ?? 2,
  layout: layoutOf(stream),
  language: languageOf(stream),
  label: labelOf(stream),
  default: stream.disposition.default === 1,
});

/** FFmpeg's name of the channel layout, null where the file does not name it. */
function layoutOf({ channel_layout }: ProbedStream): string | null {
  const isNamed = channel_layout !== undefined && !/^(unknown|\d+ channels)?$/.test(channel_layout);
  return isNamed ? channel_layout.slice(0, 100) : null;
}

/** FFmpeg's names of a single left or right channel; its plain mono says nothing about a side. */
const LEFT = "1 channels (FL)";
const RIGHT = "1 channels (FR)";

/**
 * Whether two mono streams are left and right: as the file declares or, for PCM without a declaration, by
 * convention.
 */
function arePair({ stream: a }: Found, { stream: b }: Found): boolean {
  const [left, right] = [layoutOf(a) ?? "mono", layoutOf(b) ?? "mono"];
  if (left === LEFT && right === RIGHT) return true;
  return left === "mono" && right === "mono" && (a.codec_name?.startsWith("pcm_") ?? false);
}

/**
 * Cameras and masters write each channel to a separate track, by convention left before right: all tracks are
 * then mono, of one codec and rate, and none has a language, a name or a purpose. Two, four or eight such
 * tracks become half as many stereo tracks. Null where any of these conditions fails: two microphones of a
 * conversation are usually compressed or named.
 */
function pairsOf(found: readonly Found[]): Chosen | null {
  const [first] = found;
  if (!first || ![2, 4, 8].includes(found.length)) return null;
  const isPlain = ({ stream }: Found) =>
    stream.channels === 1 &&
    stream.codec_name === first.stream.codec_name &&
    stream.sample_rate === first.stream.sample_rate &&
    languageOf(stream) === null &&
    labelOf(stream) === null &&
    Object.entries(stream.disposition).every(([name, value]) => name === "default" || value === 0);
  if (!found.every(isPlain)) return null;
  const pairs: [Found, Found][] = [];
  for (let at = 0; at < found.length; at += 2) {
    const [left, right] = found.slice(at, at + 2);
    if (!left || !right || !arePair(left, right)) return null;
    pairs.push([left, right]);
  }
  return {
    tracks: pairs.map(([left, right]) => ({
      ...trackOf(left),
      right: right.at,
      channels: 2,
      layout: "stereo",
      default: left.stream.disposition.default === 1 || right.stream.disposition.default === 1,
    })),
    notes: pairs.map(([left, right]) => noteOf("audio.paired", { left: left.at + 1, right: right.at + 1 })),
  };
}
