/** The bar below the video: timeline with storyboard, play, volume, captions, quality, speed, full screen. */
import { createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { Icon } from "../ui/Icon.tsx";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export function Controls(props: { player: MediaPlayerElement; storyboard: string | null }): JSX.Element {
  return (
    <div class="player-bar">
      <media-time-slider
        class="player-line"
        aria-label="Position"
        on:keydown={(event: KeyboardEvent) => leap(props.player, event)}
      >
        <div class="player-track" />
        <div class="player-loaded" />
        <div class="player-played" />
        <div class="player-thumb" />
        <media-slider-preview class="player-preview">
          <Show when={props.storyboard}>
            {(storyboard) => <media-slider-thumbnail class="player-still" src={storyboard()} />}
          </Show>
          <media-slider-value class="number" type="pointer" format="time" />
        </media-slider-preview>
      </media-time-slider>
      <div class="flex flex-wrap items-center gap-x-1">
        <media-play-button class="player-key player-play" aria-label="Play or pause">
          <Icon name="play" size={16} />
          <Icon name="pause" size={16} />
        </media-play-button>
        <span class="number flex gap-1 px-2 whitespace-nowrap">
          <media-time type="current" />
          <span aria-hidden="true">/</span>
          <media-time type="duration" />
        </span>
        <media-mute-button class="player-key player-mute" aria-label="Mute">
          <Icon name="loud" size={18} />
          <Icon name="mute" size={18} />
        </media-mute-button>
        <media-volume-slider class="player-line player-volume" aria-label="Volume">
          <div class="player-track" />
          <div class="player-played" />
          <div class="player-thumb" />
        </media-volume-slider>
        <span class="grow" />
        <media-caption-button class="player-key number" aria-label="CC, captions">
          CC
        </media-caption-button>
        <QualityMenu player={props.player} />
        <select
          class="player-key number"
          aria-label="Speed"
          onChange={(event) => {
            props.player.playbackRate = Number(event.currentTarget.value);
          }}
        >
          <For each={SPEEDS}>
            {(speed) => (
              <option value={speed} selected={speed === 1}>
                {speed}×
              </option>
            )}
          </For>
        </select>
        <media-fullscreen-button class="player-key player-full" aria-label="Full screen">
          <Icon name="full" size={16} />
          <Icon name="shrink" size={16} />
        </media-fullscreen-button>
      </div>
    </div>
  );
}

/** Home and End on the timeline, as every slider has them; vidstack's element supports only the arrows. */
function leap(player: MediaPlayerElement, event: KeyboardEvent): void {
  if (event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  const { seekableEnd } = player.state;
  player.currentTime = event.key === "Home" ? 0 : Math.max(0, seekableEnd - 0.5);
}

/** A native menu: it works by keyboard, by touch and in full screen. */
function QualityMenu(props: { player: MediaPlayerElement }): JSX.Element {
  const [heights, setHeights] = createSignal<readonly { id: string; name: string }[]>([]);
  const [now, setNow] = createSignal("");
  const read = () => {
    const { qualities } = props.player;
    const named = [...qualities].map((quality) => ({
      id: quality.id,
      short: Math.min(quality.width, quality.height),
    }));
    setHeights(named.sort((a, b) => b.short - a.short).map(({ id, short }) => ({ id, name: `${short}p` })));
    const playing = qualities.selected;
    setNow(playing ? `${Math.min(playing.width, playing.height)}p` : "");
  };
  onMount(() => {
    const ended = new AbortController();
    const { signal } = ended;
    props.player.addEventListener("qualities-change", read, { signal });
    props.player.addEventListener("quality-change", read, { signal });
    read();
    onCleanup(() => ended.abort());
  });
  const choose = (id: string) => {
    const { qualities } = props.player;
    const chosen = [...qualities].find((quality) => quality.id === id);
    if (chosen) chosen.selected = true;
    else qualities.autoSelect();
  };
  return (
    <Show when={heights().length > 1}>
      <select
        class="player-key number"
        aria-label="Quality"
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="auto">{now() ? `Auto ${now()}` : "Auto"}</option>
        <For each={heights()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
      </select>
    </Show>
  );
}
