/** How the channels of an audio track are mixed to stereo, as FFmpeg filters. Pure. */
import { type MediaNote, noteOf } from "@storagex/contract/media/note";
import type { AudioTrack } from "@storagex/contract/tasks/plan";

/** The max of FFmpeg's resampler and its mixer. */
export const MAX_CHANNELS = 64;

/**
 * Named channels. FFmpeg's own matrix mixes surround (ITU-R BS.775: centre and surrounds 3 dB down). Mono
 * stays mono and then goes to both sides at its own level, where the matrix would take off 3 dB. The decoded
 * frame decides, not the header: some demuxers report HE-AAC v2 as mono.
 */
const BY_NAME = "aformat=channel_layouts=mono|stereo,pan=stereo|FL=FL+FC|FR=FR+FC";

/** Numbers of unnamed channels that almost always mean these layouts (SMPTE order). */
const ASSUMED: Record<number, string> = { 6: "5.1", 8: "7.1" };

type Mixed = Pick<AudioTrack, "stream" | "channels" | "layout">;
/** `note` where the mix is a guess. */
export type Mix = { filter: string; note: MediaNote | null };

/** The filter that mixes any track to stereo. */
export function mixOf({ stream, channels, layout = null }: Mixed): Mix {
  const track = stream + 1;
  if (channels === 1)
    return { filter: layout === null || layout === "mono" ? BY_NAME : bothOf(0), note: null };
  // The first channel of ambisonics is the pressure at the microphone: the whole scene without directions.
  if (layout?.startsWith("ambisonic"))
    return { filter: bothOf(0), note: noteOf("audio.ambisonic", { track }) };
  // `3 channels (FL+FR+BC)` is no layout that the matrix knows.
  if (layout !== null && !/^\d+ channels/.test(layout)) return { filter: BY_NAME, note: null };
  if (channels === 2) return { filter: layout === null ? BY_NAME : "pan=stereo|c0=c0|c1=c1", note: null };
  const assumed = layout === null ? ASSUMED[channels] : undefined;
  if (assumed !== undefined)
    return { filter: BY_NAME, note: noteOf("audio.layout_assumed", { track, channels, layout: assumed }) };
  return { filter: inTurns(channels), note: noteOf("audio.mixed", { track, channels }) };
}

const bothOf = (channel: number) => `pan=stereo|c0=c${channel}|c1=c${channel}`;

/**
 * Odd channels go left, even ones right, an odd last one to both sides; gains preserve the power of
 * independent channels.
 */
function inTurns(channels: number): string {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  const sideOf = (side: 0 | 1) =>
    all.filter((channel) => channel % 2 === side || (channels % 2 === 1 && channel === channels - 1));
  const gain = (1 / Math.sqrt(Math.ceil(channels / 2))).toFixed(4);
  const sum = (side: 0 | 1) =>
    sideOf(side)
      .map((channel) => `${gain}*c${channel}`)
      .join("+");
  return `pan=stereo|c0=${sum(0)}|c1=${sum(1)}`;
}
