/** The picture of a video in a list: its poster, the reason of its failure, or the hatch of what is not there yet. */
import { A } from "@solidjs/router";
import type { Video } from "@storagex/contract/videos/video";
import { type JSX, Match, Show, Switch } from "solid-js";
import { createPicture } from "../../api/picture.ts";
import { failureText } from "../../messages/of-api.ts";
import { formatClock } from "../../ui/format.ts";
import { videoHref } from "../status-bar.ts";

/** `children` lie over the picture. In a row, which may be higher than it, a reason stands beside it. */
export function Poster(props: {
  video: Video;
  isRow?: boolean | undefined;
  children?: JSX.Element;
}): JSX.Element {
  const picture = createPicture(() => props.video.poster);
  return (
    <div class="relative aspect-video overflow-hidden" classList={{ "sm:size-full": props.isRow ?? false }}>
      <Switch fallback={<div class="hatch absolute inset-0" />}>
        <Match when={props.video.status === "failed" && props.video.error}>
          {(error) => (
            <div
              class="absolute inset-0 grid place-items-center p-4"
              classList={{ "sm:hatch sm:*:hidden": props.isRow ?? false }}
            >
              <p class="line-clamp-5 border-3 border-fail p-3 text-small leading-snug font-bold sm:text-base">
                {failureText(error())}
              </p>
            </div>
          )}
        </Match>
        <Match when={picture.shown()}>
          {(poster) => (
            <A
              href={videoHref(props.video)}
              tabindex="-1"
              aria-hidden="true"
              class="absolute inset-0 bg-black"
            >
              <img
                src={poster()}
                alt=""
                loading="lazy"
                class="size-full object-contain"
                onError={picture.onError}
              />
              {props.children}
            </A>
          )}
        </Match>
      </Switch>
      <Show when={props.video.duration}>
        {(duration) => (
          <span class="number pointer-events-none absolute right-0 bottom-0 bg-black px-2 py-1 text-white">
            {formatClock(duration())}
          </span>
        )}
      </Show>
    </div>
  );
}
