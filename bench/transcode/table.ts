/**
 * The results as text: figures against their limits, profiles, the model. Markdown, so that a document can
 * include it.
 */
import type { Machine } from "./machine.ts";
import type { Modelled } from "./model.ts";
import type { Results } from "./results.ts";
import type { Simulated } from "./simulate.ts";

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

/** The measurement is not accurate to more than three digits. */
const digits = (value: number) =>
  value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1);

const described = ({ processor, cores, memoryGiB, kernel, ffmpeg, node }: Machine) =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, FFmpeg ${ffmpeg}, Node ${node}`;

function modelTable(models: readonly { title: string; walls: readonly Modelled[] }[]): string {
  const [first] = models;
  if (!first) return "";
  const rows = first.walls.map(({ workers }, n) => [
    workers,
    ...models.flatMap(({ walls }) => {
      const at = walls[n];
      return at ? [at.chunks, digits(at.wall), digits(at.speedup)] : [];
    }),
  ]);
  const head = ["machines", ...models.flatMap(({ title }) => [`${title}: chunks`, "wall s", "speed-up"])];
  return `\n${table(head, rows)}\n`;
}

function simulatedTable(all: readonly Simulated[]): string {
  if (all.length === 0) return "";
  const both = ([middle, late]: [number, number]) => `${digits(middle)} / ${digits(late)}`;
  const rows = all.map(({ machines, policy, firstFrame, clip, film }) => [
    machines,
    policy,
    both(firstFrame),
    both(clip),
    both(film),
  ]);
  const head = ["machines", "s, median / 95 of 100", "first frame", "clips completed", "films completed"];
  return `\n${table(head, rows)}\n`;
}

export function reportOf({
  machine,
  options,
  rounds,
  rungs,
  figures,
  profiles,
  models,
  simulated,
  at,
}: Results): string {
  const busy = rounds.map((round) => `${Math.round(100 * round.busy)} %`).join(", ");
  const loads = rounds.map((round) => round.load.toFixed(1)).join(", ");
  const lines = [
    `${at}: ${described(machine)}.`,
    `Cores in use by others just before each round: ${busy} (load average of the last minute: ${loads}).`,
    `Source of ${options.seconds} s, 720p25 H.264 with stereo, to ${rungs.join(", ")}; ${rounds.length} rounds, medians; ${options.slots} task(s) at a time per worker.`,
    "",
    table(
      ["", "what", "median", "least to most", "at most", ""],
      figures.map(({ id, name, unit, median, min, max, limit }) => [
        id,
        name,
        `${digits(median)} ${unit}`,
        `${digits(min)} to ${digits(max)}`,
        limit ?? "",
        limit === null ? "" : median <= limit ? "reached" : "**missed**",
      ]),
    ),
    ...profiles.map(
      ({ title, spans }) =>
        `\n${table(
          [title, "s"],
          spans.map(({ name, seconds }) => [name, Number.isNaN(seconds) ? "?" : seconds.toFixed(2)]),
        )}`,
    ),
    modelTable(models),
    simulatedTable(simulated),
  ];
  return lines.join("\n");
}
