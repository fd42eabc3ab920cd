/** The bar below the video: timeline with storyboard and chapters, play, volume, captions, settings, sizes. */

import type { Chapter } from "@storagex/contract/videos/video-fields";
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { t } from "../messages/player.ts";
import { Icon } from "../ui/Icon.tsx";
import type { Preferences } from "./preferences.ts";
import type { Remote } from "./remote.ts";
import { Settings } from "./Settings.tsx";
import { TimeLine } from "./TimeLine.tsx";

export type ControlsProps = {
  player: MediaPlayerElement;
  storyboard: string | null;
  chapters: readonly Chapter[];
  duration: number | null;
  remote: Remote;
  preferences: Preferences;
  prefer: (changes: Partial<Preferences>) => void;
  onHelp: () => void;
  onUseFrame: ((seconds: number) => void) | undefined;
};

export function Controls(props: ControlsProps): JSX.Element {
  return (
    <div class="player-bar">
      <TimeLine
        player={props.player}
        storyboard={props.storyboard}
        chapters={props.chapters}
        duration={props.duration}
      />
      <div class="player-buttons">
        <media-play-button class="player-button player-play" aria-label={t("playOrPause")}>
          <Icon name="play" size={16} />
          <Icon name="pause" size={16} />
        </media-play-button>
        <span class="player-clock number">
          <media-time type="current" />
          <span class="flex gap-1">
            <span aria-hidden="true">/</span>
            <media-time type="duration" />
          </span>
        </span>
        <media-mute-button class="player-button player-mute player-roomy" aria-label={t("mute")}>
          <Icon name="loud" size={18} />
          <Icon name="mute" size={18} />
        </media-mute-button>
        <media-volume-slider class="player-line player-volume player-roomy" aria-label={t("volume")}>
          <div class="player-track" />
          <div class="player-played" />
          <div class="player-thumb" />
        </media-volume-slider>
        <span class="grow" />
        <media-caption-button class="player-button number" aria-label={t("cc")}>
          CC
        </media-caption-button>
        <SettingsButton {...props} />
        <button
          type="button"
          class="player-button player-theatre"
          aria-label={t("theatre")}
          aria-pressed={props.remote.isWide()}
          onClick={() => props.remote.setWide(!props.remote.isWide())}
        >
          <Icon name="theatre" size={18} />
        </button>
        <media-pip-button class="player-button player-roomy" aria-label={t("pip")}>
          <Icon name="pip" size={18} />
        </media-pip-button>
        <media-fullscreen-button class="player-button player-full" aria-label={t("fullScreen")}>
          <Icon name="full" size={16} />
          <Icon name="shrink" size={16} />
        </media-fullscreen-button>
      </div>
    </div>
  );
}

/** Opens the settings; Escape, wherever the focus is, and a press elsewhere close them. */
function SettingsButton(props: ControlsProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  let panel: HTMLDivElement | undefined;
  const close = () => {
    setOpen(false);
    button?.focus();
  };
  onMount(() => {
    const ended = new AbortController();
    onCleanup(() => ended.abort());
    const elsewhere = ({ target }: PointerEvent) => {
      if (target instanceof Node && !panel?.contains(target) && !button?.contains(target)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere, { signal: ended.signal });
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !isOpen()) return;
      event.stopPropagation();
      close();
    };
    document.addEventListener("keydown", onEscape, { signal: ended.signal, capture: true });
  });
  return (
    <>
      <button
        ref={button}
        type="button"
        class="player-button"
        aria-label={t("settings")}
        aria-expanded={isOpen()}
        onClick={() => setOpen(!isOpen())}
      >
        <Icon name="settings" size={18} />
      </button>
      <Show when={isOpen()}>
        <Settings
          player={props.player}
          preferences={props.preferences}
          prefer={props.prefer}
          onHelp={() => {
            close();
            props.onHelp();
          }}
          onUseFrame={
            props.onUseFrame &&
            (() => {
              close();
              props.onUseFrame?.(props.player.currentTime);
            })
          }
          ref={(element) => {
            panel = element;
          }}
        />
      </Show>
    </>
  );
}
