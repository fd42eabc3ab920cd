/** Values over time: a plot, a legend with the value at the pointer, and all numbers as a table. */
import { createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { t } from "../messages/video.ts";
import { formatClock } from "../ui/format.ts";
import type { Point } from "./plot-canvas.ts";
import type { Line } from "./plot-lines.ts";

type TimePlotProps = {
  /** What is shown, for the caption and for screen readers. */
  label: string;
  /** Shown beside the names while the pointer is elsewhere, e.g. "average". */
  restLabel: string;
  /** Start of each step and the end of the last one, in seconds. */
  times: readonly number[];
  lines: readonly (Line & { rest: string })[];
  format: (value: number) => string;
  /** Pixels. */
  height: number;
};

export function TimePlot(props: TimePlotProps): JSX.Element {
  const [point, setPoint] = createSignal<Point | null>(null);
  const [isReady, setReady] = createSignal(false);
  let stage: HTMLDivElement | undefined;
  onMount(() => {
    // Left out of the Worker's bundle: it draws nothing.
    if (import.meta.env.SSR) return;
    let isGone = false;
    const endings: (() => void)[] = [];
    onCleanup(() => {
      isGone = true;
      for (const end of endings) end();
    });
    const draw = ({ drawPlot }: typeof import("./plot-canvas.ts")) => {
      if (isGone || !stage) return;
      const { times, lines, format, height } = props;
      const drawn = drawPlot(stage, { times, lines, format, height, onPoint: setPoint });
      setReady(true);
      endings.push(drawn.destroy, ...followSurroundings(stage, drawn));
    };
    // Without its script the numbers are in the table below. On a line of its own: the build takes a handler that
    // follows `import()` into it, and nobody would hear of the failure.
    const loading = import("./plot-canvas.ts");
    loading.then(draw, () => undefined);
  });
  const shown = (line: { rest: string }, n: number) => {
    const value = point()?.values[n];
    return value === undefined ? line.rest : props.format(value);
  };
  return (
    <figure class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <figcaption class="flex flex-wrap items-end justify-between gap-x-6 gap-y-1">
        <span class="label text-base">{props.label}</span>
        <span class="number text-mute">
          <Show when={point()} fallback={props.restLabel}>
            {(at) =>
              t(
                "from",
                formatClock(at().start),
                props.lines.length > 1 ? "" : props.format(at().values[0] ?? 0),
              )
            }
          </Show>
        </span>
      </figcaption>
      <div
        ref={stage}
        class="plot"
        classList={{ hatch: !isReady() }}
        style={{ height: `${props.height}px` }}
        role="img"
        aria-label={t(
          "plotSummary",
          props.label,
          props.lines.map(({ name, rest }) => `${name} ${rest}`).join(", "),
        )}
      />
      <Show when={props.lines.length > 1}>
        <ul class="flex flex-wrap gap-x-6 gap-y-2">
          <For each={props.lines}>
            {(line, n) => (
              <li class="number flex items-center gap-2">
                <Swatch line={line} />
                <span class="font-bold">{line.name}</span>
                <span>{shown(line, n())}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Numbers {...props} />
    </figure>
  );
}

/** A canvas gets no event when width, theme or fonts change: this redraws it. */
function followSurroundings(stage: HTMLElement, drawn: { resize(): void; redraw(): void }): (() => void)[] {
  const widths = new ResizeObserver(() => drawn.resize());
  widths.observe(stage);
  const themes = new MutationObserver(() => drawn.redraw());
  themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  const onSystem = () => drawn.redraw();
  system.addEventListener("change", onSystem);
  let isGone = false;
  void document.fonts.ready.then(() => {
    if (!isGone) drawn.redraw();
  });
  return [
    () => widths.disconnect(),
    () => themes.disconnect(),
    () => system.removeEventListener("change", onSystem),
    () => {
      isGone = true;
    },
  ];
}

function Swatch(props: { line: Line }): JSX.Element {
  return (
    <svg width="34" height="8" viewBox="0 0 34 8" aria-hidden="true">
      <path
        d="M0 4H34"
        stroke="currentColor"
        stroke-width={props.line.width}
        stroke-dasharray={props.line.dash.join(" ")}
      />
    </svg>
  );
}

function Numbers(props: TimePlotProps): JSX.Element {
  return (
    <details class="min-w-0">
      <summary class="label cursor-pointer py-2 text-mute">{t("showTable")}</summary>
      <section
        class="max-h-80 overflow-auto border-3 border-ink"
        aria-label={t("plotNumbers", props.label)}
        tabindex="0"
      >
        <table class="number w-full whitespace-nowrap">
          <caption class="sr-only">{props.label}</caption>
          <thead class="sticky top-0 bg-ink text-left text-paper">
            <tr>
              <th scope="col" class="p-2">
                {t("fromHead")}
              </th>
              <For each={props.lines}>
                {(line) => (
                  <th scope="col" class="p-2 text-right">
                    {line.name}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.times.slice(0, -1)}>
              {(time, row) => (
                <tr>
                  <th scope="row" class="px-2 py-1 text-left font-medium">
                    {formatClock(time)}
                  </th>
                  <For each={props.lines}>
                    {(line) => {
                      const value = () => line.values[row()];
                      return <td class="px-2 py-1 text-right">{formattedOr(props.format, value())}</td>;
                    }}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </details>
  );
}

const formattedOr = (format: (value: number) => string, value: number | undefined) =>
  value === undefined ? "–" : format(value);
