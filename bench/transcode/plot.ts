/**
 * The results as one SVG: every promised figure as a share of its limit, and the model's speed-up over
 * machines.
 */
import type { Results } from "./results.ts";

const INK = "#000";
const SIGNAL = "#d6ff1f";
const FAIL = "#ff3b1f";
const WIDTH = 960;
const LINE = 46;
const LEFT = 40;
/** Pixels of a figure that just meets its limit. */
const LIMIT = 520;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const text = (x: number, y: number, words: string, more = "") =>
  `<text x="${x}" y="${y}" font-size="14" ${more}>${escaped(words)}</text>`;

function bars({ figures }: Results, top: number): string[] {
  // A limit of zero has no shares.
  const promised = figures.flatMap((figure) => (figure.limit ? [{ ...figure, limit: figure.limit }] : []));
  return promised.flatMap(({ id, name, unit, median, limit }, n) => {
    const y = top + n * LINE;
    const width = Math.min(1.6, median / limit) * LIMIT;
    return [
      text(LEFT, y, `${id}  ${name}`),
      `<rect x="${LEFT}" y="${y + 6}" width="${width.toFixed(1)}" height="16" fill="${median <= limit ? SIGNAL : FAIL}" stroke="${INK}" stroke-width="2"/>`,
      `<line x1="${LEFT + LIMIT}" y1="${y + 2}" x2="${LEFT + LIMIT}" y2="${y + 26}" stroke="${INK}" stroke-width="3"/>`,
      text(
        LEFT + Math.max(width, LIMIT) + 10,
        y + 19,
        `${median.toFixed(2)} ${unit}, at most ${limit}`,
        'font-weight="700"',
      ),
    ];
  });
}

/** Speed-up over machines on two logarithmic axes; the dashed line is N times faster on N. */
function curves({ models }: Results, top: number): string[] {
  const size = 300;
  const at = (workers: number, speedup: number) =>
    `${(LEFT + (Math.log2(workers) / 5) * size).toFixed(1)},${(top + size - (Math.log2(speedup) / 5) * size).toFixed(1)}`;
  return [
    text(LEFT, top - 14, "Speed-up over machines like this one (model)", 'font-weight="700"'),
    `<rect x="${LEFT}" y="${top}" width="${size}" height="${size}" fill="none" stroke="${INK}" stroke-width="3"/>`,
    `<polyline points="${at(1, 1)} ${at(32, 32)}" stroke="${INK}" stroke-dasharray="6 6" fill="none"/>`,
    ...[1, 2, 4, 8, 16, 32].map((n) =>
      text(LEFT + (Math.log2(n) / 5) * size, top + size + 20, String(n), 'text-anchor="middle"'),
    ),
    ...models.flatMap(({ title, walls }, n) => {
      const last = walls.at(-1);
      return [
        `<polyline points="${walls.map(({ workers, speedup }) => at(workers, speedup)).join(" ")}" fill="none" stroke="${INK}" stroke-width="${2 + 2 * n}"/>`,
        text(
          LEFT + size + 12,
          top + size - (Math.log2(last?.speedup ?? 1) / 5) * size,
          `${title}: ${(last?.speedup ?? 1).toFixed(1)} × on 32`,
        ),
      ];
    }),
  ];
}

/** The plot, as the text of an SVG file. */
export function plotOf(results: Results): string {
  const count = results.figures.filter(({ limit }) => limit).length;
  const below = 90 + count * LINE;
  const height = below + (results.models.length > 0 ? 390 : 0);
  const busy = results.rounds.map((round) => `${Math.round(100 * round.busy)} %`).join(", ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="monospace" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(LEFT, 28, "npm run bench transcode: bar = median, line = limit", 'font-weight="700"'),
    text(LEFT, 48, `${results.machine.processor}, ${results.machine.cores} cores; in use by others: ${busy}`),
    ...bars(results, 82),
    ...(results.models.length > 0 ? curves(results, below + 40) : []),
    "</svg>\n",
  ].join("\n");
}
