/**
 * The running player: vidstack's elements over hls.js with our own style. Fetches new URLs when the old ones
 * expire, and resumes at the same place.
 */

import type { PlayablePlayback as Playback } from "@storagex/contract/videos/playback";
import type Hls from "hls.js";
import { createEffect, createSignal, type JSX, on, onCleanup, Show, untrack } from "solid-js";
import type { MediaPlayerElement } from "vidstack/elements";
import { t as common } from "../messages/common.ts";
import { Reason } from "../ui/Reason.tsx";
import { reportPlaying } from "../visitor/report.ts";
import { Controls } from "./Controls.tsx";
import { followCaptions } from "./captions.ts";
import { createFreshPlayback } from "./fresh-playback.ts";
import { reloadAfterStall } from "./native-stall.ts";
import { ownShortcuts } from "./own-shortcuts.ts";
import type { Elements, PlayerProps } from "./Player.tsx";
import { CAPTION_SIZES, CAPTION_STYLES, createPreferences } from "./preferences.ts";
import { takeFocus } from "./Resting.tsx";

type ScreenProps = PlayerProps & {
  playback: Playback;
  elements: Elements;
  /** Seconds at which it begins. */
  from: number;
  onHelp: () => void;
  children: JSX.Element;
};

export function Screen(props: ScreenProps): JSX.Element {
  const [player, setPlayer] = createSignal<MediaPlayerElement>();
  const fresh = createFreshPlayback(() => props.renew(), props.playback);
  const { preferences, prefer } = createPreferences();
  const look = () => CAPTION_STYLES[preferences().style];
  createEffect(on(() => props.playback, fresh.offer, { defer: true }));
  createEffect(() => {
    const element = player();
    if (element && props.duration) element.duration = props.duration;
  });
  createEffect(() => {
    const element = player();
    const preferred = untrack(() => preferences().captions);
    if (element) followCaptions(element, () => fresh.playback().captions, preferred);
  });
  return (
    <>
      <media-player
        ref={(element: MediaPlayerElement) => {
          prepare(element, props, { refused: fresh.refused, hls: () => fresh.playback().hls });
          element.addEventListener("hls-instance", ({ detail }) =>
            props.elements.startWith(detail, () => preferences().quality),
          );
          // Right after this event vidstack sets the usual rate and quality, for each source: ours come behind it.
          element.addEventListener("can-play", () =>
            setTimeout(() => {
              element.playbackRate = preferences().speed;
              props.elements.keepTo(element.qualities, preferences().quality);
            }),
          );
          setPlayer(element);
        }}
        class="player"
        title={props.title}
        src={{ src: fresh.playback().hls, type: "application/vnd.apple.mpegurl" }}
        style={{
          "--media-user-font-size": CAPTION_SIZES[preferences().size],
          "--media-user-text-color": look().text,
          "--media-user-text-bg": look().background,
        }}
        on:keydown={(event: KeyboardEvent) => {
          const element = player();
          if (element) ownShortcuts(element, props.remote, event);
        }}
      >
        <div class="player-picture">
          <media-provider />
          <Show when={props.poster}>
            {(poster) => <img class="player-still-poster player-cover" src={poster()} alt="" />}
          </Show>
          <media-captions class="vds-captions" />
          <media-gesture class="player-press" event="pointerup" action="toggle:paused" />
          <span class="player-busy" aria-hidden="true" />
          {props.children}
        </div>
        <Show when={player()}>
          {(element) => (
            <Controls
              player={element()}
              storyboard={fresh.playback().storyboard}
              chapters={props.chapters}
              duration={props.duration}
              remote={props.remote}
              preferences={preferences()}
              prefer={prefer}
              onHelp={props.onHelp}
              onUseFrame={props.onUseFrame}
            />
          )}
        </Show>
      </media-player>
      <Show when={fresh.failure()}>
        {(message) => (
          <div class="p-3">
            <Reason message={message()} code="player.stopped">
              <button type="button" class="button mt-3" onClick={fresh.again}>
                {common("retry")}
              </button>
            </Reason>
          </div>
        )}
      </Show>
    </>
  );
}

/** Milliseconds between two notes of where the viewer is. */
const KEEP_EVERY = 5_000;

/** Begins where it was asked to; resumes at the same place when the URLs are replaced. */
function prepare(
  element: MediaPlayerElement,
  props: ScreenProps,
  { refused, hls }: { refused: () => void; hls: () => string },
): void {
  const { elements, remote } = props;
  element.playsInline = true;
  element.crossOrigin = true;
  // The playlist of an unfinished video grows, but viewers do not want to start at its live edge.
  element.streamType = "on-demand";
  element.keyTarget = "player";
  element.load = "eager";
  element.logLevel = "silent";
  const ended = new AbortController();
  const { signal } = ended;
  // Played by our own call once it can: the elements' autoplay gives up where the script came late.
  let resume: { time: number; paused: boolean } | undefined = { time: props.from, paused: false };
  /** Until it can play. */
  let loading: Hls | undefined;
  const seek = (seconds: number) => {
    // Asked for before it can play: it begins there.
    if (resume) resume = { time: seconds, paused: false };
    if (loading) elements.beginAt(loading, seconds);
    element.currentTime = seconds;
    void element.play().catch(() => undefined);
  };
  remote.attach({ seek, time: () => element.currentTime });

  let keptAt = 0;
  const keep = () => {
    const { currentTime, duration } = element.state;
    if (currentTime > 0) props.place?.keep(currentTime, props.duration ?? duration);
  };
  onCleanup(() => {
    keep();
    ended.abort();
    remote.attach(undefined);
  });
  window.addEventListener("pagehide", keep, { signal });
  element.addEventListener("pause", keep, { signal });
  element.addEventListener("ended", keep, { signal });
  element.addEventListener(
    "time-update",
    ({ detail }) => {
      remote.report(detail.currentTime);
      if (Date.now() - keptAt < KEEP_EVERY) return;
      keptAt = Date.now();
      keep();
    },
    { signal },
  );
  let reported: AbortController | undefined;
  element.addEventListener(
    "provider-change",
    ({ detail }) => {
      elements.useOwnHls(detail, props.from);
      reported?.abort();
      reported = new AbortController();
      const until = AbortSignal.any([signal, reported.signal]);
      const native = elements.nativeVideoOf(detail);
      if (native)
        reloadAfterStall(native, {
          signal: until,
          onReload: (time) => {
            resume ??= { time, paused: false };
          },
        });
      const video = elements.videoOf(detail);
      if (!video) return;
      const height = () => video.videoHeight;
      reportPlaying(video, { hls, height, onRefused: refused, signal: until });
    },
    { signal },
  );
  element.addEventListener(
    "hls-instance",
    ({ detail }) => {
      loading = detail;
      elements.bufferLittleWhilePaused(detail, element, signal);
    },
    { signal },
  );
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
  let isFirst = true;
  element.addEventListener(
    "can-play",
    () => {
      if (isFirst && takeFocus()) element.focus({ preventScroll: true });
      isFirst = false;
      loading = undefined;
      const at = resume;
      resume = undefined;
      if (!at) return;
      if (Math.abs(element.currentTime - at.time) > 0.5) element.currentTime = at.time;
      if (!at.paused) void element.play().catch(() => undefined);
    },
    { signal },
  );
}
