/** What can be done with the selected videos. */
import type { Video } from "@storagex/contract/videos/video";
import { type JSX, Show } from "solid-js";
import { t as cards } from "../messages/cards.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/library.ts";
import { mayRetry } from "../video/may.ts";
import { changeMany, downloadMany, perform, remove, showMany } from "./card/card-acts.ts";

export default function BulkBar(props: {
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
      aria-label={cards("selectedVideos")}
      class="sticky top-0 z-10 grid gap-3 border-3 border-ink bg-signal p-3 text-black lg:flex lg:items-center lg:justify-between"
    >
      <div class="flex items-center justify-between gap-4">
        <p class="label" aria-live="polite">
          {cards("selected", props.videos.length)}
        </p>
        <button type="button" class="button" onClick={() => props.onClear()}>
          {cards("clear")}
        </button>
      </div>
      <div class="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
        <Show when={failed().length > 0}>
          <button
            type="button"
            class="button"
            onClick={() => perform(() => changeMany(failed(), { action: "retry" }))}
          >
            {common("retry")}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.onTag()}>
          {t("addTags")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => perform(() => showMany(props.videos, visibility()))}
        >
          {cards(visibility() === "public" ? "makePublic" : "makePrivate")}
        </button>
        <Show when={ready().length > 0}>
          <button type="button" class="button" onClick={() => perform(() => downloadMany(ready()))}>
            {cards("download")}
          </button>
        </Show>
        <button
          type="button"
          class="button button-fail-full"
          onClick={() => {
            perform(() => remove(props.videos));
            props.onClear();
          }}
        >
          {common("delete")}
        </button>
      </div>
    </section>
  );
}
