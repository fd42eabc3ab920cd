/**
 * The player's menu: quality, speed, captions and their look, audio. Native selects: they work by keyboard, by
 * touch and in full screen.
 */
import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { locale } from "../messages/language.ts";
import { t } from "../messages/player.ts";
import { Options } from "../ui/form/Options.tsx";
import { type Preferences, shortSide } from "./preferences.ts";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export function Settings(props: {
  player: MediaPlayerElement;
  preferences: Preferences;
  prefer: (changes: Partial<Preferences>) => void;
  onHelp: () => void;
  onUseFrame: (() => void) | undefined;
  ref: (element: HTMLDivElement) => void;
}): JSX.Element {
  const offered = createOffered(props.player);
  let first: HTMLSelectElement | undefined;
  onMount(() => first?.focus({ preventScroll: true }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot scroll its content.
    <div
      ref={props.ref}
      role="group"
      aria-label={t("playerSettings")}
      class="player-settings"
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Show when={offered().qualities.length > 1}>
        <Choice
          label={t("quality")}
          value={offered().quality}
          options={[["auto", offered().auto], ...offered().qualities]}
          onChoose={(id) => props.prefer({ quality: chooseQuality(props.player, id) })}
        />
      </Show>
      <Choice
        ref={(element) => {
          first = element;
        }}
        label={t("speed")}
        value={String(offered().speed)}
        options={SPEEDS.map((speed) => [String(speed), `${speed.toLocaleString(locale())}×`])}
        onChoose={(speed) => {
          props.player.playbackRate = Number(speed);
          props.prefer({ speed: Number(speed) });
        }}
      />
      <Show when={offered().audio.length > 1}>
        <Choice
          label={t("audio")}
          value={offered().sound}
          options={offered().audio}
          onChoose={(id) => {
            const track = props.player.audioTracks.toArray().find((each) => each.id === id);
            if (track) track.selected = true;
          }}
        />
      </Show>
      <Show when={offered().captions.length > 0}>
        <Choice
          label={t("captions")}
          value={offered().caption}
          options={[["off", t("off")], ...offered().captions]}
          onChoose={(id) => props.prefer({ captions: chooseCaptions(props.player, id) })}
        />
        <Choice
          label={t("captionSize")}
          value={props.preferences.size}
          options={entries(t("sizes"))}
          onChoose={(size) => props.prefer({ size })}
        />
        <Choice
          label={t("captionStyle")}
          value={props.preferences.style}
          options={entries(t("styles"))}
          onChoose={(style) => props.prefer({ style })}
        />
      </Show>
      <Show when={props.onUseFrame}>
        {(use) => (
          <button type="button" class="player-settings-button" onClick={() => use()()}>
            {t("useFrame")}
          </button>
        )}
      </Show>
      <button type="button" class="player-settings-button" onClick={props.onHelp}>
        {t("shortcuts")}
      </button>
    </div>
  );
}

function Choice<K extends string>(props: {
  label: string;
  value: K;
  options: readonly (readonly [value: K, name: string])[];
  onChoose: (value: K) => void;
  ref?: (element: HTMLSelectElement) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="player-choice">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        ref={props.ref}
        onChange={(event) => {
          const chosen = props.options[event.currentTarget.selectedIndex];
          if (chosen) props.onChoose(chosen[0]);
        }}
      >
        <Options of={props.options} chosen={props.value} />
      </select>
    </div>
  );
}

type Option = readonly [value: string, name: string];

/** What the running video offers, and what of it is chosen; follows the player. */
function createOffered(player: MediaPlayerElement) {
  const read = () => {
    const qualities = [...player.qualities].map((quality) => ({
      id: quality.id,
      short: shortSide(quality),
    }));
    const playing = player.qualities.selected;
    const shortOf = playing ? `${shortSide(playing)}p` : "";
    const captions = captionsOf(player);
    return {
      qualities: qualities
        .toSorted((a, b) => b.short - a.short)
        .map(({ id, short }): Option => [id, `${short}p`]),
      auto: t("auto", player.qualities.auto ? shortOf : ""),
      quality: player.qualities.auto || !playing ? "auto" : playing.id,
      speed: player.playbackRate,
      audio: player.audioTracks.toArray().map((track): Option => [track.id, track.label || track.language]),
      sound: player.audioTracks.selected?.id ?? "",
      captions: captions.map((track): Option => [track.id, track.label]),
      caption: captions.find(({ mode }) => mode === "showing")?.id ?? "off",
    };
  };
  const [offered, setOffered] = createSignal(read());
  const again = () => setOffered(read());
  onMount(() => {
    const ended = new AbortController();
    const { signal } = ended;
    for (const type of [
      "qualities-change",
      "quality-change",
      "rate-change",
      "audio-tracks-change",
      "audio-track-change",
      "text-tracks-change",
      "text-track-change",
    ] as const)
      player.addEventListener(type, again, { signal });
    onCleanup(() => ended.abort());
  });
  return offered;
}

const captionsOf = (player: MediaPlayerElement) =>
  player.textTracks.toArray().filter(({ kind }) => kind === "subtitles" || kind === "captions");

/** Plays in one quality, or as the network allows; returns the short side, or null. */
function chooseQuality(player: MediaPlayerElement, id: string): number | null {
  const chosen = [...player.qualities].find((quality) => quality.id === id);
  if (chosen) chosen.selected = true;
  else player.qualities.autoSelect();
  return chosen ? shortSide(chosen) : null;
}

/** Shows the one track; returns its language tag, or "off". */
function chooseCaptions(player: MediaPlayerElement, id: string): string | null {
  for (const track of captionsOf(player)) track.mode = track.id === id ? "showing" : "disabled";
  const chosen = captionsOf(player).find((track) => track.id === id);
  if (!chosen) return "off";
  const language: string = chosen.language;
  return language === "und" ? null : language;
}

/** Object.entries with the keys' own type. */
function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries<V>(record) as [K, V][];
}
