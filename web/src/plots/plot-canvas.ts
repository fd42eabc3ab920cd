/**
 * uPlot in the dashboard's style: ink on paper, square, stepped. Loaded in the browser only, when a plot is
 * first shown.
 */
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatClock } from "../ui/format.ts";
import { coarser, type Line, type Steps, spread } from "./plot-lines.ts";

export type PlotWork = {
  /** Start of each step and the end of the last one, in seconds: one more than each line's values. */
  times: readonly number[];
  lines: readonly Line[];
  format: (value: number) => string;
  /** Pixels. */
  height: number;
  onPoint: (point: Point | null) => void;
};
/** The step at the pointer: its start (seconds) and the lines' values. */
export type Point = { start: number; values: readonly (number | undefined)[] };
export type Drawn = { resize(): void; redraw(): void; destroy(): void };

/** Steps of the time axis, seconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];
const FONT = '500 12px "JetBrains Mono Variable", ui-monospace, monospace';
const NAME_FONT = '800 12px "JetBrains Mono Variable", ui-monospace, monospace';
const NAME_HEIGHT = 15;
/** Width of one character of this font. */
const LETTER = 7.3;
/** Steps narrower than this would run together. */
const STEP_WIDTH = 8;

/** Draws into an empty element and follows its width; reads the colours again for every drawing. */
export function drawPlot(into: HTMLElement, work: PlotWork): Drawn {
  const colour = (name: string) => getComputedStyle(into).getPropertyValue(name).trim();
  const ink = () => colour("--ink");
  const stepped = UPlot.paths.stepped?.({ align: 1 });
  const isNamed = work.lines.length > 1;
  const names = work.lines.map(({ name }) => name);
  const longest = Math.max(...names.map(({ length }) => length));
  const size = () => ({ width: into.clientWidth, height: work.height });
  /** What is drawn: as many steps as the width can show. */
  const drawnSteps = () => {
    const values = work.lines.map((line) => line.values);
    return coarser({ times: work.times, values }, Math.floor(into.clientWidth / STEP_WIDTH));
  };
  let steps = drawnSteps();
  const columns = (): UPlot.AlignedData => [
    steps.times.slice(),
    ...steps.values.map((values) => [...values, values.at(-1) ?? null]),
  ];
  const pointAt = (step: number): Point => {
    const at = Math.min(step, steps.times.length - 2);
    return { start: steps.times[at] ?? 0, values: steps.values.map((values) => values[at]) };
  };
  const tick = { stroke: ink, width: 3, size: 8 };
  const plot = new UPlot(
    {
      ...size(),
      padding: [12, isNamed ? 14 + LETTER * longest : 24, 0, 0],
      legend: { show: false },
      // No zoom and no selection: the pointer only reads values.
      cursor: { drag: { x: false, y: false, setScale: false }, y: false, points: { size: 7, fill: ink } },
      scales: {
        x: { time: false, range: (_, min, max) => [min, max] },
        y: { range: (_, _min, max) => [0, Math.max(max, 1e-9) * 1.06] },
      },
      axes: [
        {
          ...axis(ink),
          size: 34,
          incrs: CLOCK_STEPS,
          space: 64,
          grid: { show: false },
          ticks: tick,
          values: (_, values) => values.map(formatClock),
        },
        {
          ...axis(ink),
          size: (_, values) => 22 + LETTER * Math.max(1, ...(values ?? []).map(({ length }) => length)),
          space: 40,
          grid: { stroke: () => colour("--mute"), width: 1, dash: [1, 5] },
          ticks: tick,
          values: (_, values) =>
            values.map((value) => (value === 0 ? "0" : work.format(value).replace(".0", ""))),
        },
      ],
      series: [
        {},
        ...work.lines.map(({ width, dash, isFilled }) => ({
          stroke: ink,
          width,
          dash: [...dash],
          cap: "butt" as const,
          points: { show: false },
          ...(stepped ? { paths: stepped } : {}),
          ...(isFilled ? { fill: () => colour("--signal") } : {}),
        })),
      ],
      hooks: {
        setCursor: [({ cursor: { idx } }) => work.onPoint(typeof idx === "number" ? pointAt(idx) : null)],
        ...(isNamed ? { draw: [(drawn: UPlot) => drawNames(drawn, names, steps.values, ink())] } : {}),
      },
    },
    columns(),
    into,
  );
  return {
    resize: () => {
      plot.setSize(size());
      steps = drawnSteps();
      plot.setData(columns());
    },
    redraw: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}

const axis = (ink: () => string) => ({
  stroke: ink,
  font: FONT,
  border: { show: true, stroke: ink, width: 3 },
});

/** The mean of a line's last quarter: its very end is often a short rest near zero, as is that of every line. */
function lateMean(line: readonly number[]): number {
  const late = line.slice(-Math.ceil(line.length / 4));
  return late.reduce((sum, value) => sum + value, 0) / Math.max(1, late.length);
}

/** Each line's name at its right end: readable without colour and without a separate legend. */
function drawNames(plot: UPlot, names: readonly string[], values: Steps["values"], ink: string): void {
  const { ctx, bbox } = plot;
  const ratio = UPlot.pxRatio;
  const ends = values.map((line) => plot.valToPos(lateMean(line), "y", true));
  const height = NAME_HEIGHT * ratio;
  ctx.save();
  ctx.fillStyle = ink;
  ctx.font = NAME_FONT.replace("12px", `${12 * ratio}px`);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const [n, y] of spread(ends, height, bbox.top, bbox.top + bbox.height).entries())
    ctx.fillText(names[n] ?? "", bbox.left + bbox.width + 8 * ratio, y);
  ctx.restore();
}
