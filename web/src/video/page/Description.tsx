/** Description and tags as their owner wrote them; times in the text play from there. */
import { A } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/video.ts";
import { type Piece, piecesOf } from "./description.ts";

/** Longer descriptions are folded. */
const MAX_LINES = 6;
const MAX_LETTERS = 480;

export function Description(props: {
  text: string;
  tags: readonly string[];
  /** Plays from there, in seconds. */
  onSeek: (seconds: number) => void;
}): JSX.Element {
  const [isWhole, setWhole] = createSignal(false);
  const isLong = () => props.text.length > MAX_LETTERS || props.text.split("\n").length > MAX_LINES;
  return (
    <section aria-label={t("description")} class="grid gap-3">
      <Show when={props.text}>
        <p
          dir="auto"
          class="whitespace-pre-line wrap-anywhere"
          classList={{ "line-clamp-6": isLong() && !isWhole() }}
        >
          <For each={piecesOf(props.text)}>{(piece) => <Part piece={piece} onSeek={props.onSeek} />}</For>
        </p>
        <Show when={isLong()}>
          <button
            type="button"
            class="fold-button justify-self-start"
            aria-expanded={isWhole()}
            onClick={() => setWhole(!isWhole())}
          >
            {common(isWhole() ? "showLess" : "showMore")}
          </button>
        </Show>
      </Show>
      <Show when={props.tags.length > 0}>
        <ul class="flex flex-wrap gap-2" aria-label={t("tags")}>
          <For each={props.tags}>
            {(tag) => (
              <li class="min-w-0">
                <A href={`/?tag=${encodeURIComponent(tag)}`} class="tag" dir="auto">
                  {tag}
                </A>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function Part(props: { piece: Piece; onSeek: (seconds: number) => void }): JSX.Element {
  return (
    <Show when={props.piece.seconds !== undefined} fallback={props.piece.text}>
      <button
        type="button"
        class="font-bold underline underline-offset-3"
        onClick={() => props.onSeek(props.piece.seconds ?? 0)}
      >
        {props.piece.text}
      </button>
    </Show>
  );
}
