/**
 * The rounds: each round does the work once in every way, one after the other, so that all run on the same
 * machine state.
 */
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { Plan } from "@storagex/contract/tasks/plan";
import { decode, remux, rungByRung, type Spent, whole } from "./bare.ts";
import { type Crowd, crowd } from "./crowd.ts";
import { type Early, early, type Refused, refused } from "./early.ts";
import { busyShare } from "./machine.ts";
import { Product } from "./product.ts";
import { phoneSource, RESULTS, sourceOf } from "./source.ts";
import { type First, planFor, type Through, through, timeFirstFrame } from "./through.ts";

export const MEASUREMENTS = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export type Options = {
  only: readonly Measurement[];
  rounds: number;
  /** Tasks that a worker does at a time. */
  slots: number;
  /**
   * Seconds of the source of a–c, f, g and h (its long video), and of the source of d and e (also h's short
   * video).
   */
  seconds: number;
  shortSeconds: number;
  longSeconds: number;
  /** Seconds of b's phone sources. */
  phoneSeconds: number;
};

/** How much longer the line of g takes than the encode. */
const SLOWER = 1.3;

/** One source in all its rungs: with one decode, rung by rung, and decoding only. */
export type Shared = { whole: Spent; rungs: Spent; decode: Spent };

export type Round = {
  /** Load average of the last minute, and the share of all cores (0–1) in use, before the round. */
  load: number;
  busy: number;
  whole?: Spent;
  rungs?: Spent;
  /** Decoding only. */
  decode?: Spent;
  phone?: Shared;
  /** A phone's source in HDR. */
  hdr?: Shared;
  remux?: Spent;
  one?: Through;
  two?: Through;
  short?: First;
  long?: First;
  /** The video of a, on two workers that know nothing of each other. */
  between?: First;
  crowd?: Crowd;
  early?: Early;
  refused?: Refused;
};

const print = (line: string) => process.stderr.write(`${line}\n`);

async function timed<T>(name: string, act: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const value = await act();
  print(`  ${name.padEnd(34)}${((performance.now() - from) / 1000).toFixed(1).padStart(8)} s`);
  return value;
}

/**
 * Measures what `options.only` needs, `options.rounds` times; after each round, `after` receives all rounds
 * so far and their plan.
 */
export async function runRounds(
  options: Options,
  after: (rounds: readonly Round[], plan: Plan) => Promise<void>,
): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const folder = await mkdtemp(join(RESULTS, "transcode-"));
  const source = await sourceOf(options.seconds);
  const ends = {
    short: await sourceOf(options.shortSeconds),
    long: await sourceOf(options.longSeconds),
  };
  const phone = await phoneSource(options.phoneSeconds, false);
  const hdr = await phoneSource(options.phoneSeconds, true);
  try {
    await using product = await Product.start();
    const [plan, phonePlan, hdrPlan] = await product.withWorkers(1, options.slots, async () => [
      await planFor(product, source),
      await planFor(product, phone),
      await planFor(product, hdr),
    ]);
    const rounds: Round[] = [];
    for (let n = 0; n < options.rounds; n++) {
      const round: Round = { load: loadavg()[0] ?? 0, busy: await busyShare(2) };
      print(
        `round ${n + 1}: load ${round.load.toFixed(1)}, ${Math.round(100 * round.busy)} % of the cores in use`,
      );
      // Compared runs are adjacent and alternate who goes first: a shared machine's speed drifts within
      // minutes.
      const pair = [
        () => wholePart(round, options, { source, plan, folder }),
        () => pipelinePart(round, options, { product, source }),
      ];
      for (const part of n % 2 === 0 ? pair : pair.toReversed()) await part();
      await bareParts(round, options, { source, plan, folder });
      if (wants(options, "b")) {
        round.phone = await timed("b again, from a phone's source", () => shared(phone, phonePlan, folder));
        round.hdr = await timed("b again, from a phone's HDR", () => shared(hdr, hdrPlan, folder));
      }
      await productParts(round, options, { product, source, ...ends });
      rounds.push(round);
      await after(rounds, plan);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const wants = ({ only }: Options, ...any: Measurement[]) => any.some((each) => only.includes(each));

type Bare = { source: string; plan: Plan; folder: string };

async function wholePart(round: Round, options: Options, { source, plan, folder }: Bare): Promise<void> {
  if (wants(options, "a", "b", "c", "f"))
    round.whole = await timed("bare FFmpeg, one decode", () => whole(source, plan, folder));
}

async function pipelinePart(
  round: Round,
  options: Options,
  { product, source }: { product: Product; source: string },
): Promise<void> {
  if (!wants(options, "a", "c", "g")) return;
  await product.withWorkers(1, options.slots, async (crew) => {
    const one = await timed("the product, one worker", () => through(product, crew, source));
    round.one = one;
    if (!wants(options, "g")) return;
    const bytesPerSecond = (await stat(source)).size / (SLOWER * one.wall);
    round.early = await timed("the same while it uploads", () =>
      early(product, crew, source, bytesPerSecond),
    );
    round.refused = await timed("text is refused", () => refused(product));
  });
}

async function bareParts(round: Round, options: Options, { source, plan, folder }: Bare): Promise<void> {
  if (wants(options, "b")) {
    round.rungs = await timed("bare FFmpeg, rung by rung", () => rungByRung(source, plan, folder));
    round.decode = await timed("decoding alone", () => decode(source));
  }
  if (wants(options, "f")) round.remux = await timed("remux", () => remux(source, plan, folder));
}

const shared = async (source: string, plan: Plan, folder: string): Promise<Shared> => ({
  whole: await whole(source, plan, folder),
  rungs: await rungByRung(source, plan, folder),
  decode: await decode(source),
});

async function productParts(
  round: Round,
  options: Options,
  { product, source, short, long }: { product: Product; source: string; short: string; long: string },
): Promise<void> {
  const { slots } = options;
  if (wants(options, "d", "e"))
    await product.withWorkers(1, slots, async () => {
      const first = (from: string) => () => timeFirstFrame(product, from);
      round.short = await timed(`first frame of ${options.shortSeconds} s`, first(short));
      round.long = await timed(`first frame of ${options.longSeconds} s`, first(long));
    });
  if (wants(options, "d"))
    await product.withWorkers(2, slots, async () => {
      round.between = await timed("first frame, two workers", () => timeFirstFrame(product, source));
    });
  if (wants(options, "h"))
    await product.withWorkers(1, slots, async () => {
      round.crowd = await timed("clips while a film is encoded", () => crowd(product, source, short));
    });
  if (wants(options, "c"))
    round.two = await timed("the product, two workers", () =>
      product.withWorkers(2, slots, (crew) => through(product, crew, source)),
    );
}
