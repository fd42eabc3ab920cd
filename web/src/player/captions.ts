/** Keeps the player's caption tracks equal to the video's: tracks are added and removed while it plays. */
import type { Playback } from "@storagex/contract/videos/playback";
import { createEffect, onCleanup, untrack } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { preferredTrack } from "./preferences.ts";

/**
 * Shows at first the track in the preferred language, else the first, because somebody added it on purpose.
 * `preferred` is a language tag, "off", or null.
 */
export function followCaptions(
  player: MediaPlayerElement,
  captions: () => Playback["captions"],
  preferred: string | null,
): void {
  const { textTracks } = player;
  const added = new Set<string>();
  const drop = (id: string) => {
    const track = textTracks.toArray().find((each) => each.id === id);
    if (track) textTracks.remove(track);
    added.delete(id);
  };
  createEffect(() => {
    const wanted = captions();
    const isFirst = added.size === 0;
    for (const id of added) if (!wanted.some((caption) => caption.id === id)) drop(id);
    const shown = isFirst ? untrack(() => preferredTrack(wanted, preferred)) : undefined;
    for (const { id, url, label, language } of wanted) {
      if (added.has(id)) continue;
      textTracks.add({
        id,
        src: url,
        kind: "subtitles",
        label,
        language: language ?? "und",
        default: id === shown?.id,
      });
      added.add(id);
    }
  });
  onCleanup(() => {
    for (const id of added) drop(id);
  });
}
