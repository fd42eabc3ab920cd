/** One video in a list: poster, status bar, title, facts. */
import { A } from "@solidjs/router";
import type { Video } from "@storagex/contract/video";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { Cards } from "../ui/Cards.tsx";
import { formatClock, formatSize } from "../ui/format.ts";
import { StatusBar, type StatusWords } from "../ui/StatusBar.tsx";
import { PLAY, videoHref, videoStatus } from "./status-bar.ts";

/** `words` and `onPress` replace the video's own status bar while this tab uploads it. */
export function VideoCard(props: {
  video: Video;
  words?: StatusWords | undefined;
  facts?: string | undefined;
  owner?: string | undefined;
  onPress?: (() => void) | undefined;
  busy?: boolean;
  children?: JSX.Element;
}): JSX.Element {
  const words = () => props.words ?? videoStatus(props.video);
  const watches = () => !props.onPress && (props.video.playable || props.video.status === "completed");
  return (
    <article class="frame relative flex flex-col shadow-drop" aria-labelledby={`title-${props.video.id}`}>
      <Poster video={props.video} />
      <div class="border-y-3 border-ink">
        <StatusBar
          words={words()}
          about={props.video.title}
          href={watches() ? videoHref(props.video) : undefined}
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
              class="line-clamp-2 wrap-anywhere underline-offset-4 hover:underline hover:decoration-3"
            >
              {props.video.title}
            </A>
          </h2>
          <p class="number mt-1 text-mute">{props.facts ?? cardFacts(props.video)}</p>
          <Show when={props.owner}>
            <p class="number mt-1 break-all text-mute">{props.owner}</p>
          </Show>
        </div>
        {props.children}
      </div>
    </article>
  );
}

function Poster(props: { video: Video }): JSX.Element {
  return (
    <div class="relative aspect-video overflow-hidden">
      <Switch fallback={<div class="hatch absolute inset-0" />}>
        <Match when={props.video.status === "failed" && props.video.error}>
          {(error) => (
            <div class="absolute inset-0 grid place-items-center p-4">
              <p class="line-clamp-5 border-3 border-fail p-3 text-small leading-snug font-bold sm:text-base">
                {error().message}
              </p>
            </div>
          )}
        </Match>
        <Match when={props.video.poster}>
          {(poster) => (
            <A
              href={videoHref(props.video)}
              tabindex="-1"
              aria-hidden="true"
              class="absolute inset-0 bg-black"
            >
              <img src={poster()} alt="" loading="lazy" class="size-full object-contain" />
            </A>
          )}
        </Match>
      </Switch>
      <Show when={props.video.duration}>
        {(duration) => (
          <span class="number absolute right-0 bottom-0 bg-black px-2 py-1 text-white">
            {formatClock(duration())}
          </span>
        )}
      </Show>
    </div>
  );
}

function cardFacts(video: Video): string {
  if (video.status === "failed" && video.error) return video.error.code;
  const rungs = video.renditions.map(({ name }) => name).filter((name) => /^\d+p$/.test(name));
  return [rungs.join(" · "), formatSize(video.size)].filter(Boolean).join(" · ");
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
