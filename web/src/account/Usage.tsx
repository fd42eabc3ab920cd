/** What the account stores, as bars against its quotas, and which videos are the largest. */

import { Key } from "@solid-primitives/keyed";
import { A } from "@solidjs/router";
import type { Me } from "@storagex/contract/accounts/account";
import type { Video } from "@storagex/contract/videos/video";
import { type JSX, Show } from "solid-js";
import { listVideos } from "../api/calls/videos.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/account.ts";
import { formatLimit, formatNumber, formatSize } from "../ui/format.ts";
import { Legend } from "../ui/Legend.tsx";
import { Panel } from "./Panel.tsx";

/** So many of the largest videos. */
const SHOWN = 5;

export function Usage(props: { user: Me }): JSX.Element {
  const stored = () => props.user.storage.used;
  const reserved = () => props.user.storage.reserved;
  const free = () => Math.max(0, (props.user.quotaBytes ?? 0) - stored() - reserved());
  return (
    <Panel title={t("storage")}>
      <div class="grid gap-3">
        <p class="flex flex-wrap items-baseline gap-x-3">
          <span class="headline text-phone md:text-huge">{formatSize(stored())}</span>
          <span class="font-bold">
            {props.user.quotaBytes === null
              ? t("storedUnlimited", props.user.videos)
              : t("storedOf", formatLimit(props.user.quotaBytes), props.user.videos)}
          </span>
        </p>
        <Show when={props.user.quotaBytes}>
          {(quota) => <Bar used={stored() / quota()} waiting={reserved() / quota()} />}
        </Show>
        <p class="flex flex-wrap gap-x-6 gap-y-1">
          <Show when={props.user.quotaBytes !== null}>
            <Legend look="bg-signal" text={t("stored", formatSize(stored()))} />
          </Show>
          <Show when={reserved() > 0}>
            <Legend look="hatch hatch-fine" text={t("onTheWay", formatSize(reserved()))} />
          </Show>
          <Show when={props.user.quotaBytes !== null}>
            <Legend look="bg-paper" text={t("free", formatSize(free()))} />
          </Show>
        </p>
      </div>
      <Show when={props.user.minutes}>
        {(minutes) => (
          <div class="grid gap-3">
            <p class="font-bold">
              {t("minutesOf", formatMinutes(minutes().stored), formatMinutes(minutes().quota))}
            </p>
            <Bar used={minutes().stored / minutes().quota} waiting={0} />
          </div>
        )}
      </Show>
      <Largest />
    </Panel>
  );
}

const formatMinutes = (minutes: number) => t("minutes", formatNumber(Math.ceil(minutes)));

/** Shares of the whole: what is used is solid, what is on the way hatched. The text beside it says the same. */
function Bar(props: { used: number; waiting: number }): JSX.Element {
  const part = (share: number) => `${Math.min(1, share) * 100}%`;
  return (
    <div aria-hidden="true" class="frame flex h-12 overflow-hidden">
      <span
        class="bg-signal"
        classList={{ "border-r-3 border-ink": props.used > 0 && props.used < 1 }}
        style={{ width: part(props.used) }}
      />
      <span
        class="hatch"
        classList={{ "border-r-3 border-ink": props.waiting > 0 }}
        style={{ width: part(props.waiting) }}
      />
    </div>
  );
}

function Largest(): JSX.Element {
  const videos = useQuery(() => ({
    queryKey: ["largest"],
    queryFn: () => listVideos({ sort: "largest" }, null),
  }));
  const shown = () =>
    (videos.data?.items ?? [])
      .filter(({ status }) => status !== "pending_upload")
      .toSorted((one, other) => storedOf(other) - storedOf(one))
      .slice(0, SHOWN);
  const longest = () => Math.max(1, ...shown().map(storedOf));
  return (
    <Show when={shown().length > 0}>
      <div class="grid gap-3">
        <h3 class="label">{t("largest")}</h3>
        <ul class="grid gap-3">
          <Key each={shown()} by="id">
            {(video) => <Share video={video()} longest={longest()} />}
          </Key>
        </ul>
        <p class="flex flex-wrap gap-x-6 gap-y-1">
          <Legend look="bg-ink" text={t("original")} />
          <Legend look="hatch hatch-fine" text={t("encoded")} />
        </p>
      </div>
    </Show>
  );
}

/** Bytes of the finished renditions. */
const encodedOf = ({ renditions }: Video) => renditions.reduce((sum, { size }) => sum + (size ?? 0), 0);
const storedOf = (video: Video) => video.size + encodedOf(video);

function Share(props: { video: Video; longest: number }): JSX.Element {
  const part = (bytes: number) => `${(bytes / props.longest) * 100}%`;
  return (
    <li class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_6rem]">
      <A
        href={`/videos/${encodeURIComponent(props.video.id)}`}
        dir="auto"
        class="truncate font-bold underline-offset-4 hover:underline hover:decoration-3"
      >
        {props.video.title}
      </A>
      <span aria-hidden="true" class="flex h-4 max-md:order-last max-md:col-span-2 max-md:row-start-2">
        <span class="bg-ink" style={{ width: part(props.video.size) }} />
        <span
          class="hatch hatch-fine"
          classList={{ "border-3 border-l-0 border-ink": encodedOf(props.video) > 0 }}
          style={{ width: part(encodedOf(props.video)) }}
        />
      </span>
      <span class="number text-right">{formatSize(storedOf(props.video))}</span>
    </li>
  );
}
