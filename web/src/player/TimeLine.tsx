/** The player's timeline: what is loaded and played, chapters, and the picture at the pointer. */

import { chapterAt } from "@storagex/contract/videos/chapters";
import type { Chapter } from "@storagex/contract/videos/video-fields";
import { createSignal, type JSX, Show } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { t } from "../messages/player.ts";
import { ChapterMarks } from "./ChapterMarks.tsx";

export function TimeLine(props: {
  player: MediaPlayerElement;
  storyboard: string | null;
  chapters: readonly Chapter[];
  duration: number | null;
}): JSX.Element {
  const [pointed, setPointed] = createSignal(0);
  const chapter = () => props.chapters[chapterAt(props.chapters, pointed())];
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setPointed(((event.clientX - left) / width) * (props.duration ?? 0));
  };
  return (
    <media-time-slider
      class="player-line"
      aria-label={t("position")}
      on:keydown={(event: KeyboardEvent) => leap(props.player, event)}
      on:pointermove={point}
    >
      <div class="player-track" />
      <div class="player-loaded" />
      <div class="player-played" />
      <ChapterMarks chapters={props.chapters} duration={props.duration} />
      <div class="player-thumb" />
      <media-slider-preview class="player-preview">
        <Show when={props.storyboard}>
          {(storyboard) => <media-slider-thumbnail class="player-still" src={storyboard()} />}
        </Show>
        <Show when={chapter()}>
          {(found) => (
            <span class="max-w-40 truncate text-small font-bold" dir="auto">
              {found().title}
            </span>
          )}
        </Show>
        <media-slider-value class="number" type="pointer" format="time" />
      </media-slider-preview>
    </media-time-slider>
  );
}

/** Home and End on the timeline, as every slider has them; vidstack's element supports only the arrows. */
function leap(player: MediaPlayerElement, event: KeyboardEvent): void {
  if (event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  const { seekableEnd } = player.state;
  player.currentTime = event.key === "Home" ? 0 : Math.max(0, seekableEnd - 0.5);
}
