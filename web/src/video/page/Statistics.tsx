/**
 * Quality and cost of a completed video: its renditions compared, their bitrates over time, what the encode
 * took.
 */

import { codecName } from "@storagex/contract/formats/codecs";
import type { Statistics as Answer } from "@storagex/contract/videos/statistics";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../../api/api-error.ts";
import { getStatistics } from "../../api/calls/videos.ts";
import { useQuery } from "../../api/query.ts";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/video.ts";
import { dressOf } from "../../plots/plot-lines.ts";
import { TimePlot } from "../../plots/TimePlot.tsx";
import { FactTable } from "../../ui/FactTable.tsx";
import {
  formatBitrate,
  formatLoudness,
  formatNumber,
  formatSize,
  formatTimes,
  formatTook,
} from "../../ui/format.ts";
import { Reason } from "../../ui/Reason.tsx";

export function Statistics(props: { video: VideoDetail }): JSX.Element {
  const query = useQuery(() => ({
    // A completed video's numbers never change; another generation has another completion time.
    queryKey: ["statistics", props.video.id, props.video.completedAt],
    queryFn: () => getStatistics(props.video.id),
    staleTime: Number.POSITIVE_INFINITY,
  }));
  return (
    <section aria-labelledby="statistics-title" class="grid min-w-0 gap-6">
      <h2 id="statistics-title" class="label">
        {t("quality")}
      </h2>
      <Switch>
        <Match when={query.data}>{(answer) => <Numbers answer={answer()} />}</Match>
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

function Numbers(props: { answer: Answer }): JSX.Element {
  const ordered = () => props.answer.renditions.toSorted((a, b) => b.width * b.height - a.width * a.height);
  return (
    <>
      <FactTable
        caption={t("renditionsCaption")}
        words={2}
        heads={t("renditionHeads")}
        rows={[...ordered().map(renditionCells), ...props.answer.sound.map(audioCells)]}
      />
      <TimePlot
        label={t("bitrates")}
        restLabel={t("averages")}
        times={timesOf(props.answer)}
        lines={ordered().map(({ name, bitrates, averageBitrate }, n) => ({
          name,
          values: bitrates,
          rest: formatBitrate(averageBitrate),
          ...dressOf(n),
        }))}
        format={formatBitrate}
        height={300}
      />
      <FactTable
        caption={t("stagesCaption")}
        heads={t("stageHeads")}
        rows={props.answer.stages.map(stageCells)}
      />
      <Show when={speedsOf(props.answer)}>
        {(speeds) => (
          <TimePlot
            label={t("encodeSpeed")}
            restLabel={t("speedUnit")}
            times={speeds().times}
            lines={[
              { name: t("speed"), values: speeds().values, width: 3, dash: [], rest: "", isFilled: true },
            ]}
            format={formatTimes}
            height={180}
          />
        )}
      </Show>
    </>
  );
}

const known = <T,>(value: T | null, format: (value: T) => string) => (value === null ? "–" : format(value));

const renditionCells = (each: Answer["renditions"][number]) => [
  each.name,
  `${each.width}×${each.height} ${codecName(each.codec)}${each.copied ? t("copied") : ""}`,
  formatSize(each.size),
  formatBitrate(each.averageBitrate),
  formatBitrate(each.peakBitrate),
  known(each.ssim, (ssim) => formatNumber(ssim, 4)),
];

const audioCells = (each: Answer["sound"][number]) => [
  each.language ? t("audioIn", each.language) : t("audio"),
  // Codec names as in the facts of the source; the API returns a playlist's codec strings (RFC 6381).
  [
    codecName(each.codec.replace(/^mp4a\..*/, "aac")),
    ...(each.loudness === null ? [] : [formatLoudness(each.loudness)]),
  ].join(", "),
  formatSize(each.size),
  formatBitrate(each.averageBitrate),
  formatBitrate(each.peakBitrate),
  "–",
];

const stageCells = (each: Answer["stages"][number]) => [
  t("stages")[each.stage],
  each.tasks,
  known(each.elapsedSeconds, formatTook),
  // Plan and finish do not run along the timeline.
  known(each.stage === "encode" || each.stage === "audio" ? each.speed : null, formatTimes),
  // A plan's own reading is not counted: show nothing instead of zero.
  known(each.cpuSeconds || null, formatTook),
  known(each.wallSeconds, formatTook),
];

/** Start of each step and the real end. */
function timesOf({ duration, interval, renditions }: Answer): number[] {
  const steps = Math.max(1, ...renditions.map(({ bitrates }) => bitrates.length));
  const begins = Array.from({ length: steps }, (_, n) => n * interval);
  return [...begins, Math.max(duration, (begins.at(-1) ?? 0) + 0.001)];
}

/** Null where a span's cost is not known, and where there is only one: a plot of one value shows nothing. */
function speedsOf({ spans }: Answer): { times: number[]; values: number[] } | null {
  const values = spans.flatMap(({ speed }) => speed ?? []);
  if (spans.length < 2 || values.length < spans.length) return null;
  return { times: [...spans.map(({ from }) => from), spans.at(-1)?.to ?? 0], values };
}
