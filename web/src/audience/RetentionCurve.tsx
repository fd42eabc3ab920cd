/**
 * The curve of what was watched, over the timeline: how many of all views played each hundredth of the video. A
 * press plays from there; the line above says what is under the pointer or the keyboard's cursor.
 */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, For, type JSX, Show } from "solid-js";
import { t } from "../messages/audience.ts";
import { formatClock, formatPercent } from "../ui/format.ts";
import { ticksOf } from "../video/timeline/timeline.ts";
import { areaOf, moveBy, stepAt } from "./curve.ts";

const MAX_TICKS = 6;

type Props = {
  /** A part of 1 for each step. */
  retention: readonly number[];
  /** Seconds. */
  duration: number;
  chapters: VideoDetail["chapters"];
  onSeek: (seconds: number) => void;
};

export function RetentionCurve(props: Props): JSX.Element {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const [cursor, setCursor] = createSignal(0);
  const [isFocused, setFocused] = createSignal(false);
  const steps = () => props.retention.length;
  const shown = () => pointed() ?? (isFocused() ? cursor() : null);
  const pointOf = (step: number) => (step * props.duration) / steps();
  const describe = (step: number) =>
    t("retentionAt", formatClock(pointOf(step)), formatPercent(props.retention[step] ?? 0));
  const partAt = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  const press = (event: KeyboardEvent) => {
    const moved = moveBy(event.key, steps());
    if (moved !== undefined) setCursor((before) => Math.max(0, Math.min(steps() - 1, before + moved)));
    else if (event.key === "Enter" || event.key === " ") props.onSeek(pointOf(cursor()));
    else return;
    setPointed(null);
    event.preventDefault();
  };
  const percent = (seconds: number) => `${(seconds / props.duration) * 100}%`;
  return (
    <figure class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <span class="label text-base">{t("retention")}</span>
        <span class="number" classList={{ "text-mute": shown() === null }}>
          <Show when={shown() !== null} fallback={t("retentionHelp")}>
            {describe(shown() ?? 0)}
          </Show>
        </span>
      </figcaption>
      <div
        class="curve"
        role="slider"
        tabIndex={0}
        aria-label={t("retentionSlider")}
        aria-valuemin={1}
        aria-valuemax={steps()}
        aria-valuenow={cursor() + 1}
        aria-valuetext={describe(cursor())}
        onKeyDown={press}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerMove={(event) => setPointed(stepAt(partAt(event), steps()))}
        onPointerLeave={() => setPointed(null)}
        onClick={(event) => {
          setCursor(stepAt(partAt(event), steps()));
          props.onSeek(partAt(event) * props.duration);
        }}
      >
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <path class="curve-area" d={areaOf(props.retention)} />
          <path class="curve-half" d="M0 50H100" />
        </svg>
        <span class="curve-scale number" aria-hidden="true">
          {formatPercent(1)}
        </span>
        <span class="curve-scale curve-middle number" aria-hidden="true">
          {formatPercent(0.5)}
        </span>
        <For each={props.chapters.slice(1)}>
          {({ start }) => <span class="curve-chapter" style={{ left: percent(start) }} />}
        </For>
        <Show when={shown() !== null}>
          <span
            class="curve-cursor"
            style={{ left: percent(pointOf(shown() ?? 0)), width: `${100 / steps()}%` }}
          />
        </Show>
      </div>
      <div class="timeline-axis number" aria-hidden="true">
        <For each={ticksOf(props.duration, MAX_TICKS)}>
          {(tick) => <span style={{ left: percent(tick) }}>{formatClock(tick)}</span>}
        </For>
        <span class="timeline-end">{formatClock(props.duration)}</span>
      </div>
    </figure>
  );
}
