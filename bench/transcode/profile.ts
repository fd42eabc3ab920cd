/**
 * Where the time goes: the waits between `complete` and the first frame, the phases of a whole run, and what
 * used the cores.
 */
import { availableParallelism } from "node:os";
import type { Early } from "./early.ts";
import { median } from "./figures.ts";
import type { TaskTrace } from "./product.ts";
import type { Round } from "./rounds.ts";
import type { First, Through } from "./through.ts";

/** A span's name and its seconds, in time order. */
export type Span = { name: string; seconds: number };

const total = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);

function of(tasks: readonly TaskTrace[], kind: TaskTrace["kind"]) {
  const task = tasks.find((each) => each.kind === kind && each.index === 0);
  const missing = Number.NaN;
  return {
    started: task?.started ?? missing,
    finished: task?.finished ?? missing,
    created: task?.created ?? missing,
  };
}

/** Each span begins where the previous one ended. */
function spansBetween(ends: readonly (readonly [string, number])[], from: number): Span[] {
  return ends.map(([name, at], n) => ({ name, seconds: at - (ends[n - 1]?.[1] ?? from) }));
}

function toFirst({ tasks, sent, playable, firstFrame }: First): Span[] {
  const [plan, chunk] = [of(tasks, "plan"), of(tasks, "encode")];
  const steps = [
    ["complete → plan task written", plan.created],
    ["→ plan claimed (bridge, broker, claim)", plan.started],
    ["→ planned", plan.finished],
    ["→ first chunk claimed", chunk.started],
    ["→ first chunk encoded, checked, uploaded", chunk.finished],
    ["→ playback answers (first audio piece, polling)", sent + playable],
    ["→ a player has decoded a frame", sent + firstFrame],
  ] as const;
  return spansBetween(steps, sent);
}

function throughAll({ tasks, sent, wall, encoded }: Through): Span[] {
  const [plan, finish] = [of(tasks, "plan"), of(tasks, "finish")];
  const media = tasks.filter(({ kind }) => kind === "encode" || kind === "audio");
  const firstStart = Math.min(...media.map(({ started }) => started ?? Number.NaN));
  const steps = [
    ["complete → plan claimed", plan.started],
    ["→ planned", plan.finished],
    ["→ first of audio and chunks claimed", firstStart],
    ["→ last of them done", sent + encoded],
    ["→ finish claimed", finish.started],
    ["→ completed (MP4, stills, quality)", sent + wall],
  ] as const;
  return [
    ...spansBetween(steps, sent),
    { name: "  of which nobody encoded", seconds: idle(media, firstStart, sent + encoded) },
  ];
}

function whileUploading({ tasks, began, indexed, firstFrame, stored, completed }: Early): Span[] {
  const [plan, chunk, finish] = [of(tasks, "plan"), of(tasks, "encode"), of(tasks, "finish")];
  const ends = (kind: TaskTrace["kind"]) =>
    Math.max(...tasks.flatMap((task) => (task.kind === kind ? [task.finished ?? Number.NaN] : [])));
  const first = [
    ["first byte → first part and last stored", indexed],
    ["→ planned", plan.finished],
    ["→ first chunk claimed", chunk.started],
    ["→ first chunk encoded, checked, uploaded", chunk.finished],
    ["→ a player has decoded a frame", firstFrame],
  ] as const;
  const end = [
    ["last byte stored → last chunk", ends("encode")],
    ["→ audio, if it is later", Math.max(ends("encode"), ends("audio"))],
    ["→ finish claimed", finish.started],
    ["→ completed (MP4, stills, quality)", completed],
  ] as const;
  return [...spansBetween(first, began), ...spansBetween(end, stored)];
}

/** Seconds between `from` and `to` in which none of `tasks` ran. */
function idle(tasks: readonly TaskTrace[], from: number, to: number): number {
  let busyTo = from;
  const gaps: number[] = [];
  for (const { started, finished } of tasks.toSorted((a, b) => (a.started ?? to) - (b.started ?? to))) {
    gaps.push(Math.max(0, (started ?? to) - busyTo));
    busyTo = Math.max(busyTo, finished ?? to);
  }
  return total(gaps);
}

/** CPU seconds of bare FFmpeg and of the product, each with the unused time of the cores. */
function byUser({ one, whole }: Round): Span[] {
  if (!one || !whole) return [];
  const left = (wall: number, used: number) => availableParallelism() * wall - used;
  const users = Object.entries(one.cpuBy).map(([name, seconds]) => ({ name, seconds }));
  return [
    { name: "bare FFmpeg", seconds: whole.cpu },
    { name: "  left idle", seconds: left(whole.wall, whole.cpu) },
    ...users,
    { name: "  left idle, and the kernel's own", seconds: left(one.wall, total(Object.values(one.cpuBy))) },
  ];
}

/** Medians of each span over the rounds. */
function medians(all: readonly Span[][]): Span[] {
  return (all[0] ?? []).map(({ name }, n) => ({
    name,
    seconds: median(all.map((spans) => spans[n]?.seconds ?? Number.NaN)),
  }));
}

/** All profiles that the rounds hold, by title. */
export function profilesOf(rounds: readonly Round[]): { title: string; spans: Span[] }[] {
  const each = <T>(pick: (round: Round) => T | undefined, spans: (value: T) => Span[]) =>
    rounds.map(pick).flatMap((value) => (value === undefined ? [] : [spans(value)]));
  return [
    { title: "first frame, short source", spans: medians(each((round) => round.short, toFirst)) },
    { title: "first frame, long source", spans: medians(each((round) => round.long, toFirst)) },
    { title: "a whole run, one worker", spans: medians(each((round) => round.one, throughAll)) },
    { title: "while it uploads", spans: medians(each((round) => round.early, whileUploading)) },
    { title: "a whole run, one worker: CPU", spans: medians(rounds.map(byUser)) },
  ].filter(({ spans }) => spans.length > 0);
}
