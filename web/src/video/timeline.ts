/** The chunk timeline in figures and words: phases, runs of equal chunks, ticks of its axis. Pure. */
import type { VideoDetail, VideoStatus } from "@storagex/contract/video";
import { formatClock, formatLeft, formatPercent, formatTimes } from "../ui/format.ts";

export type Processing = NonNullable<VideoDetail["processing"]>;
export type Chunk = Processing["chunks"][number];
/** Neighbours in the same state, drawn as one; a running chunk stays alone. Seconds. */
export type Run = { from: number; to: number; state: Chunk["state"]; count: number; chunk: Chunk };

export type Phase = "queued" | "reading" | "waiting" | "encoding" | "finishing" | "done";

export function phaseOf({ chunks }: Pick<Processing, "chunks">, status: VideoStatus = "processing"): Phase {
  if (status === "completed") return "done";
  if (status === "queued") return "queued";
  if (chunks.length === 0) return "reading";
  if (chunks.some(({ state }) => state === "running")) return "encoding";
  return chunks.some(({ state }) => state === "waiting") ? "waiting" : "finishing";
}

/** What the timeline's heading says; the status bar begins with the same words. */
export function headingOf(
  processing: Pick<Processing, "chunks">,
  status: VideoStatus = "processing",
): string {
  const workers = new Set(
    processing.chunks.flatMap(({ state, worker }) => (state === "running" ? (worker ?? []) : [])),
  ).size;
  switch (phaseOf(processing, status)) {
    case "queued":
      return "In line for a worker";
    case "reading":
      return "Reading the file";
    case "waiting":
      return "Waiting for a worker";
    case "finishing":
      return "Finishing";
    case "done":
      return "Encoded";
    case "encoding":
      return workers > 0 ? `Encoding on ${count(workers, "worker")}` : "Encoding";
  }
}

/** Runs in the order of the timeline. */
export function runsOf(chunks: readonly Chunk[]): Run[] {
  const runs: Run[] = [];
  for (const chunk of chunks) {
    const last = runs.at(-1);
    if (last && chunk.state !== "running" && last.state === chunk.state) {
      last.to = chunk.to;
      last.count += 1;
    } else runs.push({ from: chunk.from, to: chunk.to, state: chunk.state, count: 1, chunk });
  }
  return runs;
}

/** One chunk in words. */
export function describeChunk(chunk: Chunk): string {
  const span = `${formatClock(chunk.from)}–${formatClock(chunk.to)}`;
  if (chunk.state === "done") return `${span} done`;
  if (chunk.state === "waiting") return `${span} waiting`;
  return `${span} ${formatPercent(chunk.progress)} on ${chunk.worker ?? "a worker"}`;
}

/** The whole timeline in words, for those who do not see it. */
export function summaryOf(chunks: readonly Chunk[]): string {
  const inState = (wanted: Chunk["state"]) => chunks.filter(({ state }) => state === wanted);
  const said = [`${inState("done").length} of ${count(chunks.length, "piece")} done`];
  const running = inState("running");
  if (running.length > 0) said.push(`encoding: ${running.map(describeChunk).join(", ")}`);
  const waiting = inState("waiting").length;
  if (waiting > 0) said.push(`${waiting} waiting`);
  return `${said.join("; ")}.`;
}

/** `playable to 43:50 · 9 min left · 11.2×`; unknown values are left out. */
export function paceOf(
  processing: Pick<Processing, "playableTo" | "secondsLeft" | "speed" | "retries">,
): string {
  const { playableTo, secondsLeft, speed, retries } = processing;
  return [
    playableTo > 0 ? `playable to ${formatClock(playableTo)}` : "nothing playable yet",
    ...(secondsLeft === null ? [] : [formatLeft(secondsLeft)]),
    ...(speed !== null && speed > 0 ? [formatTimes(speed)] : []),
    ...(retries > 0 ? [`try ${retries + 1}`] : []),
  ].join(" · ");
}

/** Round distances between two times of an axis, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800] as const;
/** The end's own label needs this share of the axis. */
const END_SHARE = 0.24;

/** Round times from 0 on, at most `max` of them, none so near to the end that their labels would touch. */
export function ticksOf(duration: number, max: number): number[] {
  const step = STEPS.find((seconds) => duration / seconds <= max) ?? duration;
  if (step <= 0) return [0];
  const all = Array.from({ length: Math.floor(duration / step) + 1 }, (_, n) => n * step);
  return all.filter((at) => at === 0 || at <= duration * (1 - END_SHARE));
}

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
