/** What can be done with the selected videos. */
import type { Video } from "@storagex/contract/video";
import { type JSX, Show } from "solid-js";
import { mayRetry } from "../video/may-retry.ts";
import { changeMany, downloadMany, perform, remove, showMany } from "./card-acts.ts";

export function BulkBar(props: {
  videos: readonly Video[];
  onTag: () => void;
  onClear: () => void;
}): JSX.Element {
  const failed = () => props.videos.filter(mayRetry);
  const ready = () => props.videos.filter(({ status }) => status === "completed");
  const visibility = () =>
    props.videos.every((video) => video.visibility === "public") ? "private" : "public";
  return (
    <section
      aria-label="Selected videos"
      class="sticky top-0 z-10 flex flex-wrap items-center gap-3 border-3 border-ink bg-signal p-2 pl-4 text-black"
    >
      <p class="label mr-auto" aria-live="polite">
        {props.videos.length} selected
      </p>
      <Show when={failed().length > 0}>
        <button
          type="button"
          class="key"
          onClick={() => perform(() => changeMany(failed(), { action: "retry" }))}
        >
          Try again
        </button>
      </Show>
      <button type="button" class="key" onClick={() => props.onTag()}>
        Add tags
      </button>
      <button type="button" class="key" onClick={() => perform(() => showMany(props.videos, visibility()))}>
        {visibility() === "public" ? "Make public" : "Make private"}
      </button>
      <Show when={ready().length > 0}>
        <button type="button" class="key" onClick={() => perform(() => downloadMany(ready()))}>
          Download
        </button>
      </Show>
      <button
        type="button"
        class="key key-fail-full"
        onClick={() => {
          perform(() => remove(props.videos));
          props.onClear();
        }}
      >
        Delete
      </button>
      <button type="button" class="key" onClick={() => props.onClear()}>
        Clear
      </button>
    </section>
  );
}
