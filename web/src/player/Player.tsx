/**
 * A video's player. At rest it is a poster, one big button and the empty bar: neither the player's script nor
 * a byte of media is fetched before somebody asks for it.
 */
import type { PlayablePlayback as Playback } from "@storagex/contract/videos/playback";
import type { Chapter } from "@storagex/contract/videos/video-fields";
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { t } from "../messages/player.ts";
import { Resting } from "./Resting.tsx";
import type { Remote } from "./remote.ts";
import { Screen } from "./Screen.tsx";
import { Shortcuts } from "./Shortcuts.tsx";

export type PlayerProps = {
  title: string;
  poster: string | null;
  /** The first response, which the player renews by itself; undefined while it is being fetched. */
  playback: Playback | undefined;
  renew: () => Promise<Playback>;
  /** Width / height as displayed. */
  shape: number;
  /** Seconds of the whole video, also while only its beginning can be played. */
  duration: number | null;
  chapters: readonly Chapter[];
  /** Starts by itself, because the viewer pressed "Watch" to come here. */
  plays: boolean;
  remote: Remote;
  /** Where this viewer stopped; left out where nobody is known. */
  place?: { seconds(): number; keep(seconds: number, duration: number): void } | undefined;
  /** Makes the frame at `seconds` the poster; undefined where the viewer may not. */
  onUseFrame?: ((seconds: number) => void) | undefined;
};

export type Elements = typeof import("./elements.ts");

export function Player(props: PlayerProps): JSX.Element {
  const [start, setStart] = createSignal<{ from: number } | undefined>();
  const [elements, setElements] = createSignal<Elements>();
  const [failed, setFailed] = createSignal(false);
  const [helps, setHelps] = createSignal(false);
  const load = () => {
    // Left out of the Worker's bundle: nothing plays there.
    if (import.meta.env.SSR) return;
    setFailed(false);
    import("./elements.ts").then(setElements, () => setFailed(true));
  };
  const begin = (from: number) => {
    setStart({ from });
    if (!elements()) load();
  };
  onMount(() => {
    if (props.plays) begin(props.place?.seconds() ?? 0);
    const ended = new AbortController();
    onCleanup(() => ended.abort());
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "?" && !isTyping(event.target)) setHelps(!helps());
        else if (event.key === "Escape" && helps()) setHelps(false);
      },
      { signal: ended.signal },
    );
  });
  createEffect(on(props.remote.asked, (asked) => asked && begin(asked.from), { defer: true }));
  const ready = () => {
    const [loaded, playback, from] = [elements(), props.playback, start()];
    return loaded && playback && from ? { loaded, playback, from: from.from } : undefined;
  };
  const help = () => (
    <Show when={helps()}>
      <Shortcuts onClose={() => setHelps(false)} />
    </Show>
  );
  return (
    <section class="player-frame" aria-label={t("player")} style={{ "--shape": props.shape }}>
      <Show
        when={ready() !== undefined}
        fallback={
          <Resting
            title={props.title}
            poster={props.poster}
            duration={props.duration}
            chapters={props.chapters}
            place={props.place?.seconds() ?? 0}
            isLoading={start() !== undefined && !failed()}
            failed={failed()}
            onPlay={begin}
          >
            {help()}
          </Resting>
        }
      >
        <Screen
          {...props}
          playback={ready()?.playback as Playback}
          elements={ready()?.loaded as Elements}
          from={ready()?.from ?? 0}
          onHelp={() => setHelps(true)}
        >
          {help()}
        </Screen>
      </Show>
    </section>
  );
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
