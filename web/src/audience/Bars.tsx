/** Views by kind, the most first: a bar and a number each. */
import type { Audience } from "@storagex/contract/audience";
import { For, type JSX } from "solid-js";
import { t } from "../messages/audience.ts";
import { formatNumber } from "../ui/format.ts";

type Row = { name: string; views: number; look?: string };

/** So many places have a bar of their own. */
const SHOWN = 7;

export function Bars(props: { label: string; help?: string; rows: readonly Row[] }): JSX.Element {
  const highest = () => Math.max(1, ...props.rows.map(({ views }) => views));
  return (
    <figure class="grid min-w-0 content-start gap-2">
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-3">
        <span class="label text-base">{props.label}</span>
        <span class="number text-mute">{props.help}</span>
      </figcaption>
      <ul class="grid gap-3 border-t-3 border-ink pt-3">
        <For each={props.rows}>
          {({ name, views, look = "bg-ink" }) => (
            <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
              <span class="truncate font-bold" title={name}>
                {name}
              </span>
              <span class="number text-right">{formatNumber(views)}</span>
              <span
                aria-hidden="true"
                class={`col-span-2 h-4 border-3 border-ink ${look}`}
                style={{ width: `${Math.max(1, (views / highest()) * 100)}%` }}
              />
            </li>
          )}
        </For>
      </ul>
    </figure>
  );
}

/** The first places, and all other views together. */
export function placeRows({ places, devices }: Pick<Audience, "places" | "devices">): Row[] {
  const first = places.slice(0, SHOWN).map(({ origin, views }) => ({ name: hostOf(origin), views }));
  const views = devices.reduce((sum, each) => sum + each.views, 0);
  const rest = views - first.reduce((sum, each) => sum + each.views, 0);
  return rest > 0 ? [...first, { name: t("elsewhere"), views: rest, look: "hatch hatch-fine" }] : first;
}

const hostOf = (origin: string) => origin.replace(/^https?:\/\//, "");
