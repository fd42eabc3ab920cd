/** The chunk timeline in figures and words: phases, runs of equal chunks, ticks of its axis. Pure. */
import type { VideoDetail } from "@storagex/contract/videos/video";
import type { VideoStatus } from "@storagex/contract/videos/video-statuses";
import { t } from "../../messages/video.ts";
import { formatClock, formatLeft, formatPercent, formatTimes } from "../../ui/format.ts";

export type Processing = NonNullable<VideoDetail["processing"]>;
export type Chunk = Processing["chunks"][number];
/** `missing`: the bytes that it is made of have not arrived. */
export type Shown = Chunk["state"] | "missing";
/** Neighbours in the same state, drawn as one; a running chunk stays alone. Seconds. */
export type Run = { from: number; to: number; state: Shown; count: number; chunk: Chunk };

export const shownState = ({ state, uploaded }: Chunk): Shown =>
  state === "waiting" && !uploaded ? "missing" : state;

export type Phase = "queued" | "reading" | "uploading" | "waiting" | "encoding" | "finishing" | "done";

export function phaseOf({ chunks }: Pick<Processing, "chunks">, status: VideoStatus = "processing"): Phase {
  if (status === "completed") return "done";
  if (status === "queued") return "queued";
  if (chunks.length === 0) return "reading";
  if (chunks.some(({ state }) => state === "running")) return "encoding";
  const left = chunks.filter(({ state }) => state === "waiting");
  if (left.length === 0) return "finishing";
  return left.some(({ uploaded }) => uploaded) ? "waiting" : "uploading";
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
      return t("inLine");
    case "reading":
      return t("reading");
    case "uploading":
      return t("waitingForUpload");
    case "waiting":
      return t("waitingForWorker");
    case "finishing":
      return t("finishing");
    case "done":
      return t("encoded");
    case "encoding":
      return workers > 0 ? t("encodingOn", workers) : t("encoding");
  }
}

/** Runs in the order of the timeline. */
export function runsOf(chunks: readonly Chunk[]): Run[] {
  const runs: Run[] = [];
  for (const chunk of chunks) {
    const last = runs.at(-1);
    const state = shownState(chunk);
    if (last && state !== "running" && last.state === state) {
      last.to = chunk.to;
      last.count += 1;
    } else runs.push({ from: chunk.from, to: chunk.to, state, count: 1, chunk });
  }
  return runs;
}

/** One chunk in words. */
export function describeChunk(chunk: Chunk): string {
  const span = `${formatClock(chunk.from)}–${formatClock(chunk.to)}`;
  if (chunk.state === "done") return t("chunkDone", span);
  if (shownState(chunk) === "missing") return t("chunkMissing", span);
  if (chunk.state === "waiting") return t("chunkWaiting", span);
  return t("chunkOn", span, formatPercent(chunk.progress), chunk.worker ?? t("someWorker"));
}

/** The whole timeline in words, for those who do not see it. */
export function summaryOf(chunks: readonly Chunk[]): string {
  const inState = (wanted: Shown) => chunks.filter((chunk) => shownState(chunk) === wanted);
  const said = [t("doneOf", inState("done").length, chunks.length)];
  const running = inState("running");
  if (running.length > 0) said.push(t("encodingList", running.map(describeChunk).join(", ")));
  const waiting = inState("waiting").length;
  if (waiting > 0) said.push(t("waitingMany", waiting));
  const missing = inState("missing").length;
  if (missing > 0) said.push(t("missingMany", missing));
  return `${said.join("; ")}.`;
}

/** `playable to 43:50 · 9 min left · 11.2×`; unknown values are left out. */
export function paceOf(
  processing: Pick<Processing, "playableTo" | "secondsLeft" | "speed" | "retries">,
): string {
  const { playableTo, secondsLeft, speed, retries } = processing;
  return [
    playableTo > 0 ? t("playableTo", formatClock(playableTo)) : t("nothingPlayable"),
    ...(secondsLeft === null ? [] : [formatLeft(secondsLeft)]),
    ...(speed !== null && speed > 0 ? [formatTimes(speed)] : []),
    ...(retries > 0 ? [t("attempt", retries + 1)] : []),
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
