/**
 * What every player and page must agree on about a video's audio tracks: which is the default, and the name
 * of each. Pure.
 */

import type { AudioTrack } from "../tasks/plan.ts";
import { languageName } from "./language.ts";

/** Name of the rendition that a track becomes; SQL writes it as 'audio-' || index. */
export const audioRendition = (track: number): string => `audio-${track}`;

export const isAudioRendition = (name: string): boolean => /^audio-\d+$/.test(name);

/** Seconds of one AAC frame: 1,024 samples; every track is made at 48 kHz. */
export const AAC_FRAME_SECONDS = 1024 / 48_000;

/**
 * The index of the track that plays unless the viewer chooses another: the file's own default, else its
 * first.
 */
export const defaultTrack = (tracks: readonly Pick<AudioTrack, "default">[]): number =>
  Math.max(
    0,
    tracks.findIndex((track) => track.default),
  );

/**
 * The name of each track: its label, else its language, else its position, or `alone` where it is the only
 * track. Two may have the same name.
 */
export const trackNames = (
  tracks: readonly Pick<AudioTrack, "label" | "language">[],
  alone = "Audio",
): string[] =>
  tracks.map(
    ({ label, language }, index) =>
      label ??
      (language === null ? undefined : (languageName(language) ?? language)) ??
      (tracks.length > 1 ? `Track ${index + 1}` : alone),
  );
