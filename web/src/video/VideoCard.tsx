/** One video in a list: poster, status bar, title, facts; as a card or as a row. */
import { A } from "@solidjs/router";
import type { Video } from "@storagex/contract/videos/video";
import { For, type JSX, Show } from "solid-js";
import { t } from "../messages/library.ts";
import { failureText } from "../messages/of-api.ts";
import { Ago } from "../ui/Ago.tsx";
import { Breakable } from "../ui/Breakable.tsx";
import { Cards } from "../ui/Cards.tsx";
import { formatSize } from "../ui/format.ts";
import { StatusBar, type StatusWords } from "../ui/StatusBar.tsx";
import { Poster } from "./poster/Poster.tsx";
import { PLAY, videoHref, videoStatus } from "./status-bar.ts";

type VideoCardProps = {
  video: Video;
  /** `words`, `facts` and `onPress` replace the video's own while this tab uploads it. */
  words?: StatusWords | undefined;
  facts?: string | undefined;
  owner?: string | undefined;
  onPress?: (() => void) | undefined;
  busy?: boolean;
  /** Beside the title, e.g. its menu. */
  children?: JSX.Element;
  /** Over the poster. */
  preview?: JSX.Element;
  /** In the poster's upper left corner. */
  corner?: JSX.Element;
  isRow?: boolean;
  isSelected?: boolean;
};

export function VideoCard(props: VideoCardProps): JSX.Element {
  const words = () => props.words ?? videoStatus(props.video);
  const watches = () => !props.onPress && (props.video.playable || props.video.status === "completed");
  return (
    <article
      class="video-card frame group relative flex shadow-drop"
      classList={{
        "flex-col": !props.isRow,
        "flex-col sm:flex-row": props.isRow ?? false,
        "is-selected": props.isSelected ?? false,
      }}
      aria-labelledby={`title-${props.video.id}`}
      data-video={props.video.id}
    >
      <div class="relative" classList={{ "sm:w-56 sm:shrink-0": props.isRow ?? false }}>
        <Poster video={props.video} isRow={props.isRow}>
          {props.preview}
        </Poster>
        {props.corner}
      </div>
      <div
        class="flex min-w-0 grow flex-col"
        classList={{
          "sm:flex-col-reverse sm:justify-between sm:border-l-3 border-ink": props.isRow ?? false,
        }}
      >
        <div class="border-y-3 border-ink" classList={{ "sm:border-b-0": props.isRow ?? false }}>
          <StatusBar
            words={words()}
            about={props.video.title}
            href={watches() ? videoHref(props.video) : undefined}
            isSecondLink
            state={PLAY}
            onPress={props.onPress}
            busy={props.busy ?? false}
          />
        </div>
        <div class="flex grow items-start justify-between gap-3 p-3">
          <div class="min-w-0 grow">
            <h2 dir="auto" id={`title-${props.video.id}`} class="text-title leading-tight font-bold">
              <A
                href={videoHref(props.video)}
                class="line-clamp-2 underline-offset-4 hover:underline hover:decoration-3"
              >
                <Breakable text={props.video.title} />
              </A>
            </h2>
            <p class="number mt-1 text-mute">
              {props.facts ?? (
                <>
                  {cardFacts(props.video)} · <Ago at={props.video.createdAt} />
                </>
              )}
            </p>
            <Show when={props.isRow && props.video.error}>
              {(error) => <p class="mt-1 text-small font-bold max-sm:hidden">{failureText(error())}</p>}
            </Show>
            <Show when={props.owner}>
              <p class="number mt-1 break-all text-mute">{props.owner}</p>
            </Show>
            <Show when={props.video.tags.length > 0}>
              <ul aria-label={t("tags")} class="mt-2 flex flex-wrap gap-1.5">
                <For each={props.video.tags}>
                  {(tag) => (
                    <li dir="auto" class="number max-w-full truncate border-2 border-ink px-1.5">
                      {tag}
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
          {props.children}
        </div>
      </div>
    </article>
  );
}

function cardFacts(video: Video): string {
  if (video.status === "failed" && video.error) return video.error.code;
  const best = video.renditions.find(({ name }) => /^\d+p$/.test(name))?.name;
  return [best, formatSize(video.size)].filter(Boolean).join(" · ");
}

/** Placeholders until the cards of a list are there. */
export function SkeletonCards(props: { awaited: string }): JSX.Element {
  return (
    <Cards>
      <p class="sr-only">{props.awaited}</p>
      <For each={[1, 2, 3]}>{() => <CardSkeleton />}</For>
    </Cards>
  );
}

function CardSkeleton(): JSX.Element {
  return (
    <div class="frame shadow-drop" aria-hidden="true">
      <div class="hatch aspect-video" />
      <div class="min-h-10 border-y-3 border-ink" />
      <div class="grid gap-2 p-3">
        <div class="h-5 w-2/3 border-3 border-ink" />
        <div class="h-3 w-1/3 bg-ink" />
      </div>
    </div>
  );
}
