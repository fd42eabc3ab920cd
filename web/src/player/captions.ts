/** Keeps the player's caption tracks equal to the video's: tracks are added and removed while it plays. */
import type { Playback } from "@storagex/contract/playback";
import { createEffect, onCleanup } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";

/** The first track is shown, because somebody added it on purpose; the button turns it off. */
export function followCaptions(player: MediaPlayerElement, captions: () => Playback["captions"]): void {
  const { textTracks } = player;
  const added = new Set<string>();
  const drop = (id: string) => {
    const track = textTracks.toArray().find((each) => each.id === id);
    if (track) textTracks.remove(track);
    added.delete(id);
  };
  createEffect(() => {
    const wanted = captions();
    for (const id of added) if (!wanted.some((caption) => caption.id === id)) drop(id);
    for (const { id, url, label, language } of wanted) {
      if (added.has(id)) continue;
      textTracks.add({
        id,
        src: url,
        kind: "subtitles",
        label,
        language: language ?? "und",
        default: added.size === 0,
      });
      added.add(id);
    }
  });
  onCleanup(() => {
    for (const id of added) drop(id);
  });
}
