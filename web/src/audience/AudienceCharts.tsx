/** Who watched a video, as charts: the figures, the curve of what was watched, days, starts, devices and places. */
import type { Audience } from "@storagex/contract/audience";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { readAudience } from "../api/calls/audience.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/audience.ts";
import { t as common } from "../messages/common.ts";
import { FactTable } from "../ui/FactTable.tsx";
import { Options } from "../ui/form/Options.tsx";
import { formatClock, formatDay, formatNumber, formatPercent, formatTook } from "../ui/format.ts";
import { Reason } from "../ui/Reason.tsx";
import { AudienceSkeleton } from "./AudienceSkeleton.tsx";
import { Bars, placeRows } from "./Bars.tsx";
import { RetentionCurve } from "./RetentionCurve.tsx";
import { Starts } from "./Starts.tsx";
import { ViewDays } from "./ViewDays.tsx";

const DEFAULT_DAYS = 30;
/** What is played appears on the server within half a minute. */
const EVERY_MS = 30_000;

type Props = { video: VideoDetail; onSeek: (seconds: number) => void };

export default function AudienceCharts(props: Props): JSX.Element {
  const [days, setDays] = createSignal(DEFAULT_DAYS);
  const query = useQuery(() => ({
    queryKey: ["audience", props.video.id, days()],
    queryFn: () => readAudience(props.video.id, days()),
    refetchInterval: EVERY_MS,
  }));
  return (
    <section aria-label={t("audience")} class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-8">
      <label class="flex items-center gap-3 justify-self-start">
        <span class="label">{t("period")}</span>
        <select
          class="frame label select min-h-11"
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          value={String(days())}
        >
          <Options of={t("periods")} chosen={String(days())} />
        </select>
      </label>
      <Switch fallback={<AudienceSkeleton />}>
        <Match when={query.data}>
          {(audience) => (
            <Show when={audience().watchSeconds > 0 || audience().views > 0} fallback={<Nobody />}>
              <Pictures audience={audience()} {...props} />
            </Show>
          )}
        </Match>
        <Match when={query.isError}>
          <Reason message={reasonOf(query.error)}>
            <button type="button" class="button mt-4" onClick={() => void query.refetch()}>
              {common("retry")}
            </button>
          </Reason>
        </Match>
      </Switch>
    </section>
  );
}

function Nobody(): JSX.Element {
  return (
    <div class="grid gap-2 border-3 border-dashed border-ink p-5">
      <p class="headline text-large">{t("nobody")}</p>
      <p>{t("nobodyWhy")}</p>
    </div>
  );
}

function Pictures(props: Props & { audience: Audience }): JSX.Element {
  const duration = () => props.video.duration ?? 0;
  return (
    <>
      <Figures audience={props.audience} />
      <Show when={duration() > 0 && props.audience.views > 0}>
        <RetentionCurve
          retention={props.audience.retention}
          duration={duration()}
          chapters={props.video.chapters}
          onSeek={props.onSeek}
        />
      </Show>
      <div class="grid gap-8 md:grid-cols-2 md:gap-6">
        <ViewDays days={props.audience.days} />
        <Starts startup={props.audience.startupMs} stallRatio={props.audience.stallRatio} />
        <Bars
          label={t("devices")}
          rows={props.audience.devices.map(({ kind, views }) => ({ name: t("kinds")[kind], views }))}
        />
        <Bars label={t("places")} help={t("placesHelp")} rows={placeRows(props.audience)} />
      </div>
      <Tables audience={props.audience} duration={duration()} />
    </>
  );
}

/** The numbers that one asks for first, each in its box. */
function Figures(props: { audience: Audience }): JSX.Element {
  return (
    <dl class="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <Box
        name={t("viewsWord", props.audience.views)}
        value={formatNumber(props.audience.views)}
        look="bg-signal text-black max-lg:col-span-2"
      />
      <Box
        name={t("viewersWord", props.audience.viewers)}
        value={formatNumber(props.audience.viewers)}
        look=""
      />
      <Box name={t("watched")} look="" {...spanOf(props.audience.watchSeconds)} />
      <Box name={t("perView")} value={formatClock(props.audience.averageWatchSeconds)} look="" />
      <Box name={t("toTheEnd")} value={formatPercent(props.audience.completion)} look="" />
    </dl>
  );
}

function Box(props: { name: string; value: string; unit?: string; look: string }): JSX.Element {
  return (
    <div class={`frame grid content-between gap-3 p-4 ${props.look}`}>
      <dt class="label order-last">{props.name}</dt>
      <dd class="headline whitespace-nowrap text-phone">
        {props.value}
        <span class="font-sans text-base normal-case tracking-normal"> {props.unit}</span>
      </dd>
    </div>
  );
}

/** Seconds as one number that fits its box. */
function spanOf(seconds: number): { value: string; unit: string } {
  if (seconds < 60) return { value: formatNumber(Math.round(seconds)), unit: "s" };
  if (seconds < 3_600) return { value: formatNumber(Math.round(seconds / 60)), unit: "min" };
  return { value: formatNumber(seconds / 3_600, seconds < 360_000 ? 1 : 0), unit: "h" };
}

/** The same in words and numbers. */
function Tables(props: { audience: Audience; duration: number }): JSX.Element {
  const heads = () => t("heads");
  return (
    <details>
      <summary class="min-h-11 cursor-pointer content-center font-bold">{t("asTable")}</summary>
      <div class="grid gap-6 pt-2">
        <FactTable
          caption={t("byDay")}
          heads={[heads().day, heads().views, heads().viewers, heads().watched]}
          rows={props.audience.days
            .filter(({ views, watchSeconds }) => views > 0 || watchSeconds > 0)
            .toReversed()
            .map(({ day, views, viewers, watchSeconds }) => [
              formatDay(day),
              formatNumber(views),
              formatNumber(viewers),
              formatTook(watchSeconds),
            ])}
        />
        <FactTable
          caption={t("retention")}
          heads={[heads().from, heads().share]}
          rows={props.audience.retention
            .filter((_, step) => step % TABLE_STEP === 0)
            .map((share, n) => [formatClock((n * TABLE_STEP * props.duration) / 100), formatPercent(share)])}
        />
      </div>
    </details>
  );
}

/** Hundredths of the video from one row to the next. */
const TABLE_STEP = 5;
