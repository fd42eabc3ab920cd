/** What was stored, encoded and watched in the last 30 days: bars of days, and the same as a table. */
import type { UsageDay } from "@storagex/contract/accounts/usage";
import { For, type JSX, Show } from "solid-js";
import { readUsage } from "../api/calls/usage.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/account.ts";
import { FactTable } from "../ui/FactTable.tsx";
import { formatDay, formatNumber, formatSize } from "../ui/format.ts";
import { Legend } from "../ui/Legend.tsx";
import { Panel } from "./Panel.tsx";

/** A part of a day's bar, with the look of its legend. */
type Part = { look: string; of: (day: UsageDay) => number };

const STORED: Part[] = [
  { look: "hatch hatch-fine", of: ({ renditionBytes }) => renditionBytes },
  { look: "bg-ink", of: ({ sourceBytes }) => sourceBytes },
];
const ENCODED: Part[] = [{ look: "bg-ink", of: ({ encodedMinutes }) => encodedMinutes }];
const WATCHED: Part[] = [{ look: "bg-ink", of: ({ watchedMinutes }) => watchedMinutes }];

const storedOf = ({ sourceBytes, renditionBytes }: UsageDay) => sourceBytes + renditionBytes;
const formatMinutes = (minutes: number) => t("minutes", formatNumber(Math.ceil(minutes)));
const total = (days: UsageDay[], of: (day: UsageDay) => number) =>
  days.reduce((sum, day) => sum + of(day), 0);

/** Nothing where nothing was stored, encoded or watched. */
export function UsageDays(): JSX.Element {
  const usage = useQuery(() => ({ queryKey: ["usage"], queryFn: readUsage }));
  const days = () => usage.data?.days ?? [];
  const isAny = () => days().some((day) => storedOf(day) + day.encodedMinutes + day.watchedMinutes > 0);
  return (
    <Show when={isAny()}>
      <Panel title={t("usage")}>
        <div class="grid gap-6 md:grid-cols-3">
          <Bars
            label={t("usageStored")}
            sum={formatSize(storedOf(days().at(-1) ?? NOTHING))}
            days={days()}
            parts={STORED}
          >
            <p class="flex flex-wrap gap-x-6 gap-y-1">
              <Legend look="bg-ink" text={t("original")} />
              <Legend look="hatch hatch-fine" text={t("encoded")} />
            </p>
          </Bars>
          <Bars
            label={t("usageEncoded")}
            sum={formatMinutes(total(days(), ({ encodedMinutes }) => encodedMinutes))}
            days={days()}
            parts={ENCODED}
          />
          <Bars
            label={t("usageWatched")}
            sum={formatMinutes(total(days(), ({ watchedMinutes }) => watchedMinutes))}
            days={days()}
            parts={WATCHED}
          />
        </div>
        <details>
          <summary class="min-h-11 cursor-pointer content-center font-bold">{t("usageTable")}</summary>
          <FactTable
            caption={t("usage")}
            heads={[t("day"), t("usageStored"), t("usageEncoded"), t("usageWatched")]}
            rows={days()
              .toReversed()
              .map((day) => [
                formatDay(day.day),
                formatSize(storedOf(day)),
                formatMinutes(day.encodedMinutes),
                formatMinutes(day.watchedMinutes),
              ])}
          />
        </details>
      </Panel>
    </Show>
  );
}

const NOTHING: UsageDay = {
  day: "",
  sourceBytes: 0,
  renditionBytes: 0,
  encodedMinutes: 0,
  watchedMinutes: 0,
};

/** The highest day fills the height. The table says the same in words. */
function Bars(props: {
  label: string;
  sum: string;
  days: UsageDay[];
  parts: Part[];
  /** The legend, if there are several parts. */
  children?: JSX.Element;
}): JSX.Element {
  const heightOf = (day: UsageDay) => props.parts.reduce((sum, { of }) => sum + of(day), 0);
  const highest = () => Math.max(...props.days.map(heightOf)) || 1;
  return (
    <figure class="grid min-w-0 content-start gap-2">
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-3">
        <span class="label">{props.label}</span>
        <span class="number font-bold">{props.sum}</span>
      </figcaption>
      <div aria-hidden="true" class="flex h-24 items-end gap-px border-b-3 border-ink">
        <For each={props.days}>
          {(day) => (
            <span class="flex h-full min-w-0 grow flex-col justify-end">
              <For each={props.parts}>
                {({ look, of }) => (
                  <span class={look} style={{ height: `${(of(day) / highest()) * 100}%` }} />
                )}
              </For>
            </span>
          )}
        </For>
      </div>
      <p aria-hidden="true" class="number flex justify-between text-mute">
        <span>{formatDay(props.days[0]?.day ?? "")}</span>
        <span>{formatDay(props.days.at(-1)?.day ?? "")}</span>
      </p>
      {props.children}
    </figure>
  );
}
