/** The beginnings of chapters on a time bar; the list of chapters says the same in words. */

import type { Chapter } from "@storagex/contract/videos/video-fields";
import { For, type JSX } from "solid-js";

export function ChapterMarks(props: { chapters: readonly Chapter[]; duration: number | null }): JSX.Element {
  const inside = () => (props.duration ? props.chapters.filter(({ start }) => start > 0) : []);
  return (
    <For each={inside()}>
      {({ start }) => (
        <span class="player-chapter" style={{ left: `${(start / (props.duration ?? 1)) * 100}%` }} />
      )}
    </For>
  );
}
