/**
 * The results as Markdown: shares of the trivial route, where the CPU time goes, and the reads beside a
 * crowd.
 */
import type { Machine } from "../transcode/machine.ts";
import type { Disturbed } from "./crowded.ts";
import { percentile } from "./load.ts";
import { KIND_NAMES, type Shares } from "./profile.ts";
import { type Cpu, ROUTES, type RouteName } from "./stage.ts";

/** One route in one round; `cpu` in milliseconds per request. */
export type Measured = {
  route: RouteName;
  perSecond: number;
  bytes: number;
  times: readonly number[];
  cpu: Cpu & { client: number };
};

export type Results = {
  machine: Machine;
  clients: number;
  rounds: number;
  seconds: number;
  measured: readonly Measured[];
  profiles: Partial<Record<RouteName, Shares>>;
  disturbed: Disturbed | null;
};

/** Max time of a list by key, as a multiple of the same by session. */
const KEY_LIMIT = 1.1;
/** Max p99 with the crowd, as a multiple of p99 alone. */
const CROWD_LIMIT = 3;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The whole report. Shares are relative to the trivial route in the same round. */
export function reportOf({
  machine,
  clients,
  rounds,
  seconds,
  measured,
  profiles,
  disturbed,
}: Results): string {
  const of = (name: RouteName) => measured.filter(({ route }) => route === name);
  const trivial = of("healthz");
  const shares = ROUTES.map(({ name, atLeast }) => {
    const own = of(name);
    const each = own.map(({ perSecond }, round) => perSecond / (trivial[round]?.perSecond ?? Number.NaN));
    const share = median(each);
    const times = own.flatMap((one) => one.times).sort((a, b) => a - b);
    return [
      name,
      Math.round(median(own.map(({ perSecond }) => perSecond))),
      share.toFixed(2),
      `${Math.min(...each).toFixed(2)} to ${Math.max(...each).toFixed(2)}`,
      atLeast?.toFixed(2) ?? "",
      atLeast === null ? "" : share >= atLeast ? "reached" : "**missed**",
      percentile(times, 0.5).toFixed(1),
      percentile(times, 0.99).toFixed(1),
      median(own.map(({ bytes }) => bytes)),
    ];
  });
  const costs = ROUTES.map(({ name }) => {
    const own = of(name);
    const cost = (process: keyof Measured["cpu"]) => median(own.map(({ cpu }) => cpu[process])).toFixed(3);
    return [name, cost("workerd"), cost("sql-endpoint"), cost("postgres"), cost("client")];
  });
  const byKey = of("list by key");
  const keyCost = median(
    of("list").map(({ perSecond }, round) => perSecond / (byKey[round]?.perSecond ?? Number.NaN)),
  );
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}.`,
    `Cores in use by others before: ${Math.round(100 * machine.busy)} %. ${clients} clients, ${rounds} rounds of ${seconds} s each, medians.`,
    "",
    table(
      ["route", "requests/s", "share", "least to most", "at least", "", "p50 ms", "p99 ms", "bytes"],
      shares,
    ),
    "",
    `A list by key takes ${keyCost.toFixed(2)} × the same by session (at most ${KEY_LIMIT}): ${keyCost <= KEY_LIMIT ? "reached" : "**missed**"}.`,
    "",
    table(["CPU ms per request", "workerd", "SQL endpoint", "PostgreSQL", "client"], costs),
    "",
    table(
      ["share of workerd's own time", ...KIND_NAMES],
      ROUTES.map(({ name }) => [
        name,
        ...KIND_NAMES.map((kind) => `${Math.round(100 * (profiles[name]?.[kind] ?? Number.NaN))} %`),
      ]),
    ),
    ...(disturbed ? ["", crowdTable(disturbed)] : []),
  ].join("\n");
}

function crowdTable({ alone, crowded, streams, signIns }: Disturbed): string {
  const ratios = crowded.map((value, round) => value / (alone[round] ?? Number.NaN));
  const ratio = median(ratios);
  return table(
    ["p99 of all reads", "ms", `of alone (at most ${CROWD_LIMIT})`, ""],
    [
      ["alone", median(alone).toFixed(1), "", ""],
      [
        `${signIns} people sign in, ${streams} live streams`,
        median(crowded).toFixed(1),
        ratio.toFixed(2),
        ratio <= CROWD_LIMIT ? "reached" : "**missed**",
      ],
    ],
  );
}
