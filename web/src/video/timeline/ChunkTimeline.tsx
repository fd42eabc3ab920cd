/**
 * The chunk timeline, to scale: solid is done, filling is on a worker, empty waits; while the video is uploaded,
 * hatched waits with all its bytes there, and empty has not arrived. A press plays from there;
 * the line below says which chunk is under the pointer or the keyboard's cursor, and who encodes it.
 */
import type { VideoStatus } from "@storagex/contract/videos/video-statuses";
import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { t } from "../../messages/video.ts";
import { formatClock } from "../../ui/format.ts";
import {
  type Chunk,
  describeChunk,
  headingOf,
  type Processing,
  paceOf,
  type Run,
  runsOf,
  shownState,
  summaryOf,
  ticksOf,
} from "./timeline.ts";

const MAX_TICKS = 6;
/** With more chunks their borders would be all that is seen. */
const MAX_BORDERS = 80;

export function ChunkTimeline(props: {
  processing: Processing;
  status: VideoStatus;
  /** Plays from there, in seconds. */
  onSeek: (seconds: number) => void;
}): JSX.Element {
  const isCompleted = () => props.status === "completed";
  // The last news before a video is completed may still show chunks on their workers.
  const chunks = () =>
    isCompleted()
      ? props.processing.chunks.map((chunk): Chunk => ({ ...chunk, state: "done", progress: 1 }))
      : props.processing.chunks;
  const duration = () => chunks().at(-1)?.to ?? 0;
  return (
    <section aria-labelledby="timeline-title" class="timeline">
      <div class="flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 id="timeline-title" class="label text-base">
          {headingOf(props.processing, props.status)}
        </h2>
        <p class="number truncate" title={t("paceHelp")}>
          {paceLine(props.processing, props.status)}
        </p>
      </div>
      <Show
        when={duration() > 0}
        fallback={<div class="hatch timeline-bar timeline-unknown" aria-hidden="true" />}
      >
        <Bar
          chunks={chunks()}
          duration={duration()}
          playableTo={isCompleted() ? duration() : props.processing.playableTo}
          onSeek={props.onSeek}
        />
        <p class="sr-only">{summaryOf(chunks())}</p>
      </Show>
    </section>
  );
}

type BarProps = {
  chunks: readonly Chunk[];
  duration: number;
  playableTo: number;
  onSeek: (seconds: number) => void;
};

function Bar(props: BarProps): JSX.Element {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const [cursor, setCursor] = createSignal(0);
  const [isFocused, setFocused] = createSignal(false);
  const isUploading = () => props.chunks.some((chunk) => shownState(chunk) === "missing");
  const shown = () => props.chunks[pointed() ?? (isFocused() ? cursor() : -1)];
  const at = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * props.duration;
  };
  const indexAt = (seconds: number) =>
    Math.max(
      0,
      props.chunks.findIndex(({ to }) => seconds < to),
    );
  const seek = (seconds: number) => {
    if (seconds < props.playableTo) props.onSeek(seconds);
  };
  const press = (event: KeyboardEvent) => {
    const moved = moveBy(event.key, props.chunks.length);
    if (moved !== undefined)
      setCursor((before) => Math.max(0, Math.min(props.chunks.length - 1, before + moved)));
    else if (event.key === "Enter" || event.key === " ") seek(props.chunks[cursor()]?.from ?? 0);
    else return;
    setPointed(null);
    event.preventDefault();
  };
  const percent = (seconds: number) => `${(seconds / props.duration) * 100}%`;
  return (
    <>
      <div
        class="timeline-bar"
        classList={{ "cursor-pointer": props.playableTo > 0 }}
        role="slider"
        tabIndex={0}
        aria-label={t("chunksOfVideo")}
        aria-valuemin={1}
        aria-valuemax={props.chunks.length}
        aria-valuenow={cursor() + 1}
        aria-valuetext={describe(props.chunks[cursor()], props.playableTo)}
        onKeyDown={press}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerMove={(event) => setPointed(indexAt(at(event)))}
        onPointerLeave={() => setPointed(null)}
        onClick={(event) => {
          setCursor(indexAt(at(event)));
          seek(at(event));
        }}
      >
        <For each={runsOf(props.chunks)}>
          {(run) => <RunMark run={run} percent={percent} isUploading={isUploading()} />}
        </For>
        <Show when={props.chunks.length <= MAX_BORDERS}>
          <For each={props.chunks.slice(1)}>
            {(chunk) => <span class="timeline-border" style={{ left: percent(chunk.from) }} />}
          </For>
        </Show>
        <Show when={shown()}>
          {(chunk) => (
            <span
              class="timeline-cursor"
              style={{ left: percent(chunk().from), width: percent(chunk().to - chunk().from) }}
            />
          )}
        </Show>
      </div>
      <div class="timeline-axis number" aria-hidden="true">
        <For each={ticksOf(props.duration, MAX_TICKS)}>
          {(tick) => <span style={{ left: percent(tick) }}>{formatClock(tick)}</span>}
        </For>
        <span class="timeline-end">{formatClock(props.duration)}</span>
      </div>
      <p class="timeline-words number" aria-hidden="true">
        <Show when={shown()} fallback={<Legend isUploading={isUploading()} />}>
          {(chunk) => describe(chunk(), props.playableTo)}
        </Show>
      </p>
    </>
  );
}

function RunMark(props: {
  run: Run;
  percent: (seconds: number) => string;
  isUploading: boolean;
}): JSX.Element {
  const span = () => ({
    left: props.percent(props.run.from),
    width: props.percent(props.run.to - props.run.from),
  });
  return (
    <Show
      when={props.run.state === "running"}
      fallback={
        <Switch>
          <Match when={props.run.state === "done"}>
            <span class="timeline-done" style={span()} />
          </Match>
          <Match when={props.run.state === "waiting" && props.isUploading}>
            <span class="timeline-arrived hatch hatch-fine" style={span()} />
          </Match>
        </Switch>
      }
    >
      <span class="timeline-running" style={span()}>
        <span style={{ height: `${props.run.chunk.progress * 100}%` }} />
      </span>
    </Show>
  );
}

function paceLine(processing: Processing, status: VideoStatus): string {
  if (status === "queued") return "";
  return status === "completed" ? t("chunks", processing.chunks.length) : paceOf(processing);
}

function Legend(props: { isUploading: boolean }): JSX.Element {
  return (
    <>
      <span class="timeline-sample bg-ink" /> {t("legend").done}
      <span class="timeline-sample ml-3 bg-signal" /> {t("legend").encoding}
      <Show when={props.isUploading}>
        <span class="timeline-sample hatch hatch-fine ml-3" /> {t("legend").uploaded}
      </Show>
      <span class="timeline-sample ml-3" /> {t("legend")[props.isUploading ? "missing" : "waiting"]}
    </>
  );
}

/** How many chunks a key moves the cursor; undefined for a key that does not. */
function moveBy(key: string, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10));
  const moves: Record<string, number> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: page,
    PageDown: -page,
    Home: -count,
    End: count,
  };
  return moves[key];
}

function describe(chunk: Chunk | undefined, playableTo: number): string {
  if (!chunk) return "";
  return `${describeChunk(chunk)}${chunk.from < playableTo ? t("pressToPlay") : ""}`;
}
