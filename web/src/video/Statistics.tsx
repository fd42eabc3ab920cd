/**
 * Quality and cost of a completed video: its renditions compared, their bitrates over time, what the encode
 * took.
 */
import { codecName } from "@storagex/contract/formats/codecs";
import type { Statistics as Answer } from "@storagex/contract/statistics";
import type { VideoDetail } from "@storagex/contract/video";
import { useQuery } from "@tanstack/solid-query";
import { type JSX, Match, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { getStatistics } from "../api/videos.ts";
import { dressOf } from "../plots/plot-lines.ts";
import { TimePlot } from "../plots/TimePlot.tsx";
import { FactTable } from "../ui/FactTable.tsx";
import { formatBitrate, formatLoudness, formatSize, formatTimes, formatTook } from "../ui/format.ts";
import { Reason } from "../ui/Reason.tsx";

const STAGES = { plan: "Plan", encode: "Encode", audio: "Audio", finish: "Finish" } as const;

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
        Quality and cost
      </h2>
      <Switch>
        <Match when={query.data}>{(answer) => <Numbers answer={answer()} />}</Match>
        <Match when={query.isError}>
          <Reason message={reasonOf(query.error)}>
            <button type="button" class="key mt-4" onClick={() => void query.refetch()}>
              Retry
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
        caption="Renditions and audio: size, bitrates, similarity to the source"
        words={2}
        heads={["Rendition", "Format", "Stored", "Average", "Peak", "SSIM"]}
        rows={[...ordered().map(renditionCells), ...props.answer.sound.map(audioCells)]}
      />
      <TimePlot
        label="Bitrate over time"
        restLabel="average per rendition"
        moments={timesOf(props.answer)}
        lines={ordered().map(({ name, bitrates, averageBitrate }, n) => ({
          name,
          values: bitrates,
          rest: formatBitrate(averageBitrate),
          ...dressOf(n),
        }))}
        say={formatBitrate}
        height={300}
      />
      <FactTable
        caption="What each stage of the work took"
        heads={["Stage", "Tasks", "Elapsed", "Speed", "CPU time", "Worker time"]}
        rows={props.answer.stages.map(stageCells)}
      />
      <Show when={speedsOf(props.answer)}>
        {(speeds) => (
          <TimePlot
            label="Speed of the encode"
            restLabel="× real time per worker"
            moments={speeds().moments}
            lines={[{ name: "Speed", values: speeds().values, width: 3, dash: [], rest: "", isFilled: true }]}
            say={formatTimes}
            height={180}
          />
        )}
      </Show>
    </>
  );
}

const known = <T,>(value: T | null, say: (value: T) => string) => (value === null ? "–" : say(value));

const renditionCells = (each: Answer["renditions"][number]) => [
  each.name,
  `${each.width}×${each.height} ${codecName(each.codec)}${each.copied ? ", copied" : ""}`,
  formatSize(each.size),
  formatBitrate(each.averageBitrate),
  formatBitrate(each.peakBitrate),
  known(each.ssim, (ssim) => ssim.toFixed(4)),
];

const audioCells = (each: Answer["sound"][number]) => [
  each.language ? `Audio ${each.language}` : "Audio",
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
  STAGES[each.stage],
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
function speedsOf({ spans }: Answer): { moments: number[]; values: number[] } | null {
  const values = spans.flatMap(({ speed }) => speed ?? []);
  if (spans.length < 2 || values.length < spans.length) return null;
  return { moments: [...spans.map(({ from }) => from), spans.at(-1)?.to ?? 0], values };
}
