/** The queue as charts: how many videos are where, and a bar of tasks for each kind. */
import type { Queue } from "@storagex/contract/operators";
import { For, type JSX, Show } from "solid-js";
import { t } from "../messages/admin.ts";
import { formatLeft, formatSize, formatTimes, formatTook } from "../ui/format.ts";

export function QueuePanel(props: { queue: Queue }): JSX.Element {
  return (
    <section aria-labelledby="queue-title" class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="queue-title" class="headline text-large">
        {t("queue")}
      </h2>
      <dl class="grid grid-cols-2 border-3 border-ink lg:grid-cols-4">
        <Tile name={t("uploading")} value={props.queue.videos.uploading} />
        <Tile
          name={t("queued")}
          value={props.queue.videos.queued}
          note={
            props.queue.videos.queued > 0
              ? t("oldestQueued", formatTook(props.queue.oldestQueuedSeconds))
              : t("nothingWaits")
          }
        />
        <Tile
          name={t("encoding")}
          value={props.queue.videos.processing}
          note={speedOf(props.queue)}
          isLit={props.queue.videos.processing > 0}
        />
        <Tile
          name={t("stored")}
          value={formatSize(props.queue.storage.used)}
          note={
            props.queue.storage.reserved > 0
              ? t("onTheWay", formatSize(props.queue.storage.reserved))
              : t("inAllAccounts")
          }
        />
      </dl>
      <Tasks tasks={props.queue.tasks} />
    </section>
  );
}

function speedOf({ encodedSecondsPerSecond: speed, drainSeconds, videos }: Queue): string {
  if (videos.queued + videos.processing === 0) return t("nothingToDo");
  if (speed === 0 || drainSeconds === null) return t("noWorkerEncodes");
  return t("realTime", formatTimes(speed), formatLeft(drainSeconds));
}

function Tile(props: { name: string; value: string | number; note?: string; isLit?: boolean }): JSX.Element {
  return (
    <div
      class="grid min-h-32 content-between gap-2 border-ink p-4 odd:border-r-3 max-lg:nth-[n+3]:border-t-3 lg:not-last:border-r-3"
      classList={{ "bg-signal text-black": props.isLit ?? false }}
    >
      <dt class="label">{props.name}</dt>
      <dd class="grid gap-1">
        <span
          class="headline whitespace-nowrap text-phone"
          classList={{ "max-sm:text-large": String(props.value).length > 4 }}
        >
          {props.value}
        </span>
        <span class="number min-h-5" classList={{ "text-mute": !props.isLit }}>
          {props.note ?? ""}
        </span>
      </dd>
    </div>
  );
}

const countsOf = ({ running, queued, waiting }: Queue["tasks"][number]) =>
  [running && t("running", running), queued && t("sentOut", queued), waiting && t("waiting", waiting)]
    .filter(Boolean)
    .join(" · ") || t("nothingToDo");

/** For each kind one bar: running solid, sent out hatched, not released yet empty. */
function Tasks(props: { tasks: Queue["tasks"] }): JSX.Element {
  const sum = ({ running, queued, waiting }: Queue["tasks"][number]) => running + queued + waiting;
  const longest = () => Math.max(1, ...props.tasks.map(sum));
  const share = (count: number) => `${(count / longest()) * 100}%`;
  return (
    <Show when={props.tasks.some((task) => sum(task) > 0)}>
      <div class="frame grid gap-3 p-4">
        <ul class="grid gap-3">
          <For each={props.tasks}>
            {(task) => (
              <li class="grid grid-cols-[72px_minmax(0,1fr)] items-center gap-3 sm:grid-cols-[72px_minmax(0,1fr)_280px]">
                <span class="label">{t("kinds")[task.kind]}</span>
                <span class="flex h-6" aria-hidden="true">
                  <span
                    class="bg-signal"
                    style={{ width: share(task.running) }}
                    classList={{ "border-3 border-ink": task.running > 0 }}
                  />
                  <span
                    class="hatch"
                    style={{ width: share(task.queued) }}
                    classList={{ "border-3 border-ink": task.queued > 0 }}
                  />
                  <span
                    style={{ width: share(task.waiting) }}
                    classList={{ "border-3 border-ink": task.waiting > 0 }}
                  />
                </span>
                <span class="number max-sm:col-start-2">{countsOf(task)}</span>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
}
