/** Views by day: of each viewer the first, and those that were not. The table says the same in words. */
import type { Audience } from "@storagex/contract/audience";
import { For, type JSX } from "solid-js";
import { t } from "../messages/audience.ts";
import { formatDay } from "../ui/format.ts";
import { Legend } from "../ui/Legend.tsx";

export function ViewDays(props: { days: Audience["days"] }): JSX.Element {
  const highest = () => Math.max(1, ...props.days.map(({ views }) => views));
  const part = (views: number) => `${(views / highest()) * 100}%`;
  const total = () => props.days.reduce((sum, { views }) => sum + views, 0);
  return (
    <figure class="grid min-w-0 content-start gap-2">
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-3">
        <span class="label text-base">{t("byDay")}</span>
        <span class="number font-bold">{t("views", total())}</span>
      </figcaption>
      <div
        aria-hidden="true"
        class="flex h-40 items-end border-b-3 border-ink"
        classList={{ "gap-1": props.days.length <= 31 }}
      >
        <For each={props.days}>
          {({ day, views, viewers }) => (
            <span
              class="flex h-full min-w-0 grow flex-col justify-end"
              title={`${formatDay(day)}: ${t("views", views)}`}
            >
              <span
                class="hatch hatch-fine"
                classList={{ "border-3 border-b-0 border-ink": views > viewers && props.days.length <= 31 }}
                style={{ height: part(Math.max(0, views - viewers)) }}
              />
              <span
                class="bg-signal"
                classList={{
                  "border-3 border-b-0 border-ink": viewers > 0 && props.days.length <= 31,
                  "border-t-3 border-ink": viewers > 0 && props.days.length > 31,
                }}
                style={{ height: part(Math.min(views, viewers)) }}
              />
            </span>
          )}
        </For>
      </div>
      <p aria-hidden="true" class="number flex justify-between text-mute">
        <span>{formatDay(props.days[0]?.day ?? "")}</span>
        <span>{formatDay(props.days.at(-1)?.day ?? "")}</span>
      </p>
      <p class="flex flex-wrap gap-x-6 gap-y-1">
        <Legend look="bg-signal" text={t("firstViews")} />
        <Legend look="hatch hatch-fine" text={t("moreViews")} />
      </p>
    </figure>
  );
}
