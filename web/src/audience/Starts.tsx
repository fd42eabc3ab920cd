/** How long viewers waited: from pressing play to the first frame, to scale, and for more while it played. */
import type { Audience } from "@storagex/contract/audience";
import { type JSX, Show } from "solid-js";
import { t } from "../messages/audience.ts";
import { formatNumber, formatTook } from "../ui/format.ts";
import { Legend } from "../ui/Legend.tsx";

type Props = { startup: Audience["startupMs"]; stallRatio: number };

export function Starts(props: Props): JSX.Element {
  const slow = () => props.startup.p95 ?? 0;
  const half = () => props.startup.p50 ?? 0;
  /** The end of the scale: a whole number of seconds. */
  const scale = () => 1000 * Math.max(1, Math.ceil((slow() * 1.1) / 1000));
  const part = (milliseconds: number) => `${Math.min(1, milliseconds / scale()) * 100}%`;
  const took = (milliseconds: number) => formatTook(milliseconds / 1000);
  return (
    <figure class="grid min-w-0 content-start gap-2">
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-3">
        <span class="label text-base">{t("startup")}</span>
        <span class="number text-mute">{t("startupHelp")}</span>
      </figcaption>
      <Show when={props.startup.p50 !== null} fallback={<p class="frame p-4">{t("startupUnknown")}</p>}>
        <div aria-hidden="true" class="frame flex h-16 overflow-hidden">
          <span class="border-r-3 border-ink bg-signal" style={{ width: part(half()) }} />
          <Show when={slow() > half()}>
            <span class="hatch border-r-3 border-ink" style={{ width: part(slow() - half()) }} />
          </Show>
        </div>
        <p aria-hidden="true" class="number flex justify-between text-mute">
          <span>0 s</span>
          <span>{formatNumber(scale() / 1000)} s</span>
        </p>
        <p class="flex flex-wrap gap-x-6 gap-y-1">
          <Legend look="bg-signal" text={t("half", took(half()))} />
          <Legend look="hatch hatch-fine" text={t("nearlyAll", took(slow()))} />
        </p>
      </Show>
      <p class="flex flex-wrap items-baseline justify-between gap-x-3 border-t-3 border-ink pt-2">
        <span class="label">{t("buffering")}</span>
        <span class="number font-bold">{t("bufferingOf", formatNumber(props.stallRatio, 1, "percent"))}</span>
      </p>
    </figure>
  );
}
