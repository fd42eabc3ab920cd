/** What all that shows or plays a video's tracks must agree on: which audio is meant first, and what each is called. Pure. */

import type { AudioTrack } from "../tasks/task.ts";
import { languageName } from "./language.ts";

/** The index of the track that plays unless somebody chooses: the file's own default, else its first. */
export const defaultTrack = (tracks: readonly Pick<AudioTrack, "default">[]): number =>
  Math.max(
    0,
    tracks.findIndex((track) => track.default),
  );

/** What to call each track: by its label, else by its language, else by its place, or `alone`. Two may have one name. */
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
