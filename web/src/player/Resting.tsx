/** The player before it is asked to play: poster, one big button, and the bar, empty. */

import type { Chapter } from "@storagex/contract/videos/video-fields";
import { type JSX, onCleanup, Show } from "solid-js";
import { createPicture } from "../api/picture.ts";
import { t } from "../messages/player.ts";
import { formatClock } from "../ui/format.ts";
import { Icon } from "../ui/Icon.tsx";
import { ChapterMarks } from "./ChapterMarks.tsx";

export function Resting(props: {
  title: string;
  poster: string | null;
  duration: number | null;
  chapters: readonly Chapter[];
  /** Seconds at which this viewer stopped, 0 where nothing is known. */
  place: number;
  isLoading: boolean;
  failed: boolean;
  /** Plays from there, in seconds. */
  onPlay: (from: number) => void;
  children: JSX.Element;
}): JSX.Element {
  const picture = createPicture(() => props.poster);
  // A place that was stored before this page opened; it does not move while the poster is shown.
  const share = () => (props.duration ? (props.place / props.duration) * 100 : 0);
  const beginAt = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    props.onPlay(((event.clientX - left) / width) * (props.duration ?? 0));
  };
  return (
    <div class="player">
      <div class="player-picture">
        <Show when={picture.shown()} fallback={<div class="hatch absolute inset-0" />}>
          {(poster) => (
            <img
              class="player-still-poster"
              src={poster()}
              alt={t("posterOf", props.title)}
              onError={picture.onError}
            />
          )}
        </Show>
        <Show when={!props.isLoading} fallback={<Waiting />}>
          <button
            type="button"
            class="player-start"
            aria-label={t("playOf", props.title)}
            ref={(element) => onCleanup(() => passFocus(element))}
            onClick={() => props.onPlay(props.place)}
            onKeyDown={(event) => event.key === "k" && props.onPlay(props.place)}
          >
            <span class="player-start-mark">
              <Icon name="play" size={36} />
            </span>
          </button>
        </Show>
        <Show when={props.place > 0 && !props.isLoading}>
          <div class="player-resume">
            <span class="number">{t("continuesAt", formatClock(props.place))}</span>
            <button type="button" class="player-resume-button" onClick={() => props.onPlay(0)}>
              {t("startOver")}
            </button>
          </div>
        </Show>
        <Show when={props.failed}>
          <p role="alert" class="player-message">
            {t("notLoaded")}
          </p>
        </Show>
        {props.children}
      </div>
      <div class="player-bar">
        {/* For a pointer only: the button above does the same by keyboard, and the chapters have their list. */}
        <div aria-hidden="true" class="player-line" onClick={beginAt}>
          <div class="player-track" />
          <div class="player-played" style={{ width: `${share()}%` }} />
          <ChapterMarks chapters={props.chapters} duration={props.duration} />
        </div>
        <div class="player-buttons" aria-hidden="true">
          <span aria-hidden="true" class="player-button" onClick={() => props.onPlay(props.place)}>
            <Icon name="play" size={16} />
          </span>
          <span class="number px-2 whitespace-nowrap">
            {formatClock(props.place)} / {props.duration === null ? "–" : formatClock(props.duration)}
          </span>
        </div>
      </div>
    </div>
  );
}

function Waiting(): JSX.Element {
  return (
    <p role="status" class="player-message">
      {t("starting")}
    </p>
  );
}

/** The button goes while it has the focus: the player that takes its place gets it. */
let hadFocus = false;
function passFocus(button: HTMLElement): void {
  hadFocus = document.activeElement === button || document.activeElement === document.body;
}
/** Whether the button that started the player had the focus; asked once. */
export function takeFocus(): boolean {
  const had = hadFocus;
  hadFocus = false;
  return had;
}
