/** A finished upload in the tray: what became of its video, with a link to it. */

import { A } from "@solidjs/router";
import { createEffect, type JSX } from "solid-js";
import { useQuery } from "../../api/query.ts";
import { pollEvery } from "../../live/follow.ts";
import { t } from "../../messages/upload.ts";
import { Icon } from "../../ui/Icon.tsx";
import { type Done, dropDone, noteVideo, openIds, readOpen } from "./done.ts";

/** Asks what became of the finished uploads, rarely beside the event stream and often without it. */
export function followDone(): void {
  const states = useQuery(() => ({
    queryKey: ["done", openIds()],
    queryFn: readOpen,
    enabled: openIds().length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: pollEvery(),
  }));
  createEffect(() => {
    for (const video of states.data ?? []) noteVideo(video);
  });
}

export function DoneEntry(props: { video: Done }): JSX.Element {
  const href = () => `/videos/${encodeURIComponent(props.video.id)}`;
  return (
    <li class="flex items-stretch border-t-3 border-ink first:border-t-0">
      <A
        href={href()}
        class="min-w-0 grow p-3 hover:bg-signal hover:text-black focus-visible:-outline-offset-6"
      >
        <span dir="auto" class="block truncate font-bold">
          {props.video.title}
        </span>
        <span class="label">{t("done")[props.video.status]}</span>
      </A>
      <button
        type="button"
        class="grid w-11 shrink-0 place-items-center hover:bg-ink hover:text-paper focus-visible:-outline-offset-6"
        aria-label={t("removeOf", props.video.title)}
        onClick={() => dropDone(props.video.id)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
