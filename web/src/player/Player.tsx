/**
 * The player: vidstack's elements over hls.js with our own style. Fetches new URLs when the old ones expire,
 * and resumes at the same place.
 */
import type { PlayablePlayback as Playback } from "@storagex/contract/playback";
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { getPlayback } from "../api/videos.ts";
import { Reason } from "../ui/Reason.tsx";
import { Controls } from "./Controls.tsx";
import { followCaptions } from "./captions.ts";
import { createFreshPlayback } from "./fresh-playback.ts";

type PlayerProps = {
  id: string;
  title: string;
  /** The first response; the player renews it by itself. */
  playback: Playback;
  /** Width / height as displayed. */
  shape: number;
  /** Seconds of the whole video, also while only its beginning can be played. */
  duration: number | null;
  /** Starts by itself, because the viewer pressed "Watch" to come here. */
  plays: boolean;
};

export function Player(props: PlayerProps): JSX.Element {
  const [elements, setElements] = createSignal<Elements>();
  onMount(() => {
    // Left out of the Worker's bundle: nothing plays there.
    if (import.meta.env.SSR) return;
    void import("./elements.ts").then(setElements);
  });
  return (
    <div class="player-frame" style={{ "--shape": props.shape }}>
      <Show when={elements()} fallback={<div class="hatch player-space" />}>
        {(loaded) => <Screen {...props} elements={loaded()} />}
      </Show>
    </div>
  );
}

type Elements = typeof import("./elements.ts");

function Screen(props: PlayerProps & { elements: Elements }): JSX.Element {
  const [player, setPlayer] = createSignal<MediaPlayerElement>();
  const fresh = createFreshPlayback(() => getPlayback(props.id), props.playback);
  createEffect(on(() => props.playback, fresh.offer, { defer: true }));
  createEffect(() => {
    const element = player();
    if (element && props.duration) element.duration = props.duration;
  });
  createEffect(() => {
    const element = player();
    if (element) followCaptions(element, () => fresh.playback().captions);
  });

  return (
    <>
      <media-player
        ref={(element: MediaPlayerElement) => {
          prepare(element, props.elements, fresh.refused);
          element.autoPlay = props.plays;
          setPlayer(element);
        }}
        class="player"
        title={props.title}
        src={{ src: fresh.playback().hls, type: "application/vnd.apple.mpegurl" }}
        poster={fresh.playback().poster ?? ""}
      >
        <media-provider>
          <media-poster class="player-poster" alt={`Poster of ${props.title}`} />
        </media-provider>
        <media-captions class="vds-captions" />
        <media-gesture class="player-press" event="pointerup" action="toggle:paused" />
        <Show when={player()}>
          {(element) => <Controls player={element()} storyboard={fresh.playback().storyboard} />}
        </Show>
      </media-player>
      <Show when={fresh.failure()}>
        {(message) => (
          <div class="p-3">
            <Reason message={message()} code="player.stopped">
              <button type="button" class="key mt-3" onClick={fresh.again}>
                Try again
              </button>
            </Reason>
          </div>
        )}
      </Show>
    </>
  );
}

/** Resumes at the same place when the URLs are replaced. */
function prepare(element: MediaPlayerElement, elements: Elements, refused: () => void): void {
  element.playsInline = true;
  element.crossOrigin = true;
  // The playlist of an unfinished video grows, but viewers do not want to start at its live edge.
  element.streamType = "on-demand";
  element.keyTarget = "player";
  element.load = "eager";
  element.logLevel = "silent";
  const ended = new AbortController();
  onCleanup(() => ended.abort());
  const { signal } = ended;
  let resume: { time: number; paused: boolean } | undefined;

  element.addEventListener("provider-change", (event) => elements.useOwnHls(event.detail), { signal });
  element.addEventListener(
    "hls-error",
    ({ detail }) => {
      const status = detail.response?.code ?? 0;
      const isOver = status === 401 || status === 403 || status === 404 || status === 410;
      if (!isOver && !detail.fatal) return;
      resume ??= { time: element.currentTime, paused: element.paused };
      refused();
    },
    { signal },
  );
  element.addEventListener(
    "can-play",
    () => {
      const at = resume;
      resume = undefined;
      if (!at) return;
      element.currentTime = at.time;
      if (!at.paused) void element.play().catch(() => undefined);
    },
    { signal },
  );
}
