/** Turns rounds into figures: each a median over the rounds, with its limit and its spread. */
import { type Crowd, outOfOrder } from "./crowd.ts";
import type { Early } from "./early.ts";
import type { Options, Round, Shared } from "./rounds.ts";

export type Figure = {
  id: string;
  name: string;
  unit: "×" | "s" | "of 10" | "%" | "parts";
  median: number;
  min: number;
  max: number;
  /** Max value; null where none is promised. */
  limit: number | null;
};

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

type Read = (round: Round) => number | undefined;
/** Letter, name, unit, limit. */
type Line = [string, string, Figure["unit"], number | null, Read];

/** The ratio within a round, so that both sides ran on the same machine state. */
const over =
  (a: Read, b: Read): Read =>
  (round) => {
    const [above, below] = [a(round), b(round)];
    return above === undefined || below === undefined ? undefined : above / below;
  };

const whole: Read = ({ whole }) => whole?.wall;
const wholeCpu: Read = ({ whole }) => whole?.cpu;
const rungs: Read = ({ rungs }) => rungs?.wall;
const one: Read = ({ one }) => one?.wall;
const two: Read = ({ two }) => two?.wall;

/** The clip's own work is what it takes alone. */
function crowded({ seconds, shortSeconds }: Options): Line[] {
  const of =
    (read: (crowd: Crowd) => number): Read =>
    ({ crowd }) =>
      crowd && read(crowd);
  const clip = `${shortSeconds} s while ${seconds} s are encoded`;
  return [
    ["h", `first frame of ${clip}`, "s", 10, of((c) => c.clip.firstFrame)],
    ["h", "the same / alone", "×", 1.8, of((c) => c.clip.firstFrame / c.idle.firstFrame)],
    ["h", `completion of ${clip} / alone`, "×", 3, of((c) => c.clip.completed / c.idle.completed)],
    [
      "h",
      "film / alone and the clip's work",
      "×",
      1.05,
      of((c) => c.disturbed / (c.film + c.idle.completed)),
    ],
    [
      "h",
      "first frame of the last of ten clips at once",
      "s",
      null,
      of((c) => c.firstFrames.at(-1) ?? Number.NaN),
    ],
    ["h", "ten clips: first frames out of order", "of 10", 0, of((c) => outOfOrder(c.firstFrames))],
    ["h", "of the film encoded meanwhile", "%", null, of((c) => 100 * (c.moved[1] - c.moved[0]))],
  ];
}

/** What a person waits for whose upload is encoded meanwhile. */
function early({ seconds }: Options): Line[] {
  const of =
    (read: (early: Early) => number): Read =>
    ({ early }) =>
      early && read(early);
  const longer: Read = ({ early, one }) => early && one && Math.max(early.stored - early.began, one.wall);
  return [
    [
      "g",
      `first part and index of ${seconds} s stored to first frame`,
      "s",
      10,
      of((e) => e.firstFrame - e.indexed),
    ],
    ["g", "last byte stored to completed", "s", 15, of((e) => e.completed - e.stored)],
    [
      "g",
      "first byte to completed / the longer of upload and encode",
      "×",
      1.1,
      over(
        of((e) => e.completed - e.began),
        longer,
      ),
    ],
    [
      "g",
      "all CPU of the worker / encoded after the upload",
      "×",
      1.05,
      over(
        of((e) => e.crewCpu),
        ({ one }) => one?.crewCpu,
      ),
    ],
    ["g", "of 1 GB of text stored before it is refused", "parts", 2, ({ refused }) => refused?.stored],
    ["g", "the same, on the way then", "parts", null, ({ refused }) => refused?.sending],
  ];
}

/** All figures that the rounds can answer, in the order of their letters. */
export function figuresOf(rounds: readonly Round[], options: Options, rungCount: number): Figure[] {
  const { shortSeconds, longSeconds } = options;
  /** Only the repeated decodes can be saved: the encoders do the same work. */
  const leastCpu: Read = ({ decode, rungs }) =>
    decode && rungs ? 1 - ((rungCount - 1) * decode.cpu) / rungs.cpu : undefined;
  const shared = (what: string, of: (round: Round) => Shared | undefined): Line[] =>
    (["wall", "cpu"] as const).map((spent) => [
      "b",
      `${what}: ${spent === "cpu" ? "CPU" : spent}`,
      "×",
      null,
      over(
        (round) => of(round)?.whole[spent],
        (round) => of(round)?.rungs[spent],
      ),
    ]);
  const all: Line[] = [
    ["a", "pipeline, complete to completed / bare FFmpeg: wall", "×", 1.05, over(one, whole)],
    ["a", "pipeline until the last chunk / bare FFmpeg: wall", "×", null, over((r) => r.one?.encoded, whole)],
    ["a", "all CPU of the worker / bare FFmpeg's", "×", null, over((r) => r.one?.crewCpu, wholeCpu)],
    ["a", "bare FFmpeg", "s", null, whole],
    ["a", "pipeline, one worker", "s", null, one],
    ["b", "one decode for all rungs / rung by rung: wall", "×", 0.7, over(whole, rungs)],
    ["b", "one decode for all rungs / rung by rung: CPU", "×", null, over(wholeCpu, (r) => r.rungs?.cpu)],
    ["b", "the most that one decode can save: CPU", "×", null, leastCpu],
    ...shared("a phone's 1080p HEVC in four rungs", ({ phone }) => phone),
    ...shared("a phone's 1080p HEVC in HDR, tone-mapped, in four rungs", ({ hdr }) => hdr),
    ["b", "rung by rung", "s", null, rungs],
    ["c", "chunked / whole: FFmpeg's CPU, one worker", "×", 1.05, over((r) => r.one?.cpu, wholeCpu)],
    ["c", "chunked / whole: FFmpeg's CPU, two workers", "×", null, over((r) => r.two?.cpu, wholeCpu)],
    ["c", "two workers on this one machine / whole: wall", "×", null, over(two, whole)],
    ["c", "two workers / one worker: wall", "×", null, over(two, one)],
    ["d", `first frame of ${shortSeconds} s`, "s", 10, (r) => r.short?.firstFrame],
    ["d", `first frame of ${longSeconds} s`, "s", 10, (r) => r.long?.firstFrame],
    [
      "d",
      `first frame of ${options.seconds} s, two workers on these cores`,
      "s",
      10,
      (r) => r.between?.firstFrame,
    ],
    [
      "d",
      "the long one / the short one",
      "×",
      1.5,
      over(
        (r) => r.long?.firstFrame,
        (r) => r.short?.firstFrame,
      ),
    ],
    [
      "e",
      "complete to worker running, idle queue",
      "s",
      0.3,
      (r) => larger(r.short?.claimed, r.long?.claimed),
    ],
    ["f", "remux / re-encode: wall", "×", null, over((r) => r.remux?.wall, whole)],
    ["f", "remux / re-encode: CPU", "×", null, over((r) => r.remux?.cpu, wholeCpu)],
    ...early(options),
    ...crowded(options),
  ];
  return all.flatMap(([id, name, unit, limit, read]) => {
    const values = rounds.map(read).filter((value) => value !== undefined);
    if (values.length === 0) return [];
    return [
      {
        id,
        name,
        unit,
        limit,
        median: median(values),
        min: Math.min(...values),
        max: Math.max(...values),
      },
    ];
  });
}

const larger = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : Math.max(a, b);
