/** Calculates a video's progress from its tasks: one number, the timeline by chunk, and what is playable. */
import { AAC_FRAME_SECONDS, audioRendition } from "@storagex/contract/media/audio-tracks";
import { TASK_KINDS } from "@storagex/contract/tasks/kinds";
import type { Video, VideoDetail } from "@storagex/contract/videos/video";
import type { ShownRow, ShownWorkRow, TaskRow } from "./rows.ts";

const PLAN = TASK_KINDS.plan.progress.ofWhole;
const FINISH = TASK_KINDS.finish.progress.ofWhole;
const AUDIO = TASK_KINDS.audio.progress.perSecond / TASK_KINDS.encode.progress.perSecond;

const doneShare = (task: TaskRow | undefined) =>
  task?.state === "succeeded" ? 1 : task?.state === "running" ? task.progress : 0;

const ofKind = ({ tasks }: ShownRow, kind: TaskRow["kind"]) =>
  (tasks ?? []).filter((task) => task.kind === kind);

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Frames of a chunk. The last one runs to the end, which the plan estimates. */
const framesOf = ({ frames, firstFrame }: TaskRow, totalFrames: number) =>
  frames ?? Math.max(0, totalFrames - (firstFrame ?? 0));

/** Encoded frames; those of running chunks by their progress. */
function encodedFrames(row: ShownRow, totalFrames: number): number {
  const running = ofKind(row, "encode").map((task) => doneShare(task) * framesOf(task, totalFrames));
  return Math.min(totalFrames, row.doneFrames + sum(running));
}

/** Also while it is still uploaded, once that has begun. */
const isProcessed = ({ status, generation }: ShownRow) =>
  status === "processing" || (status === "pending_upload" && generation > 0);

/** 0–1. Chunks are weighted by their length on the timeline. */
export function progressOf(row: ShownRow): number {
  if (row.status === "completed") return 1;
  if (!isProcessed(row)) return 0;
  const [plan] = ofKind(row, "plan");
  if (!row.grid) return PLAN * doneShare(plan);
  const { totalFrames } = row.grid;
  const audio = ofKind(row, "audio");
  const all = totalFrames * (1 + AUDIO * audio.length);
  const done = encodedFrames(row, totalFrames) + AUDIO * totalFrames * sum(audio.map(doneShare));
  const [finish] = ofKind(row, "finish");
  return Math.min(1, PLAN + (1 - PLAN - FINISH) * (done / all) + FINISH * doneShare(finish));
}

/** Seconds from the start for which the video and every audio track are available. */
export function playableTo(row: ShownWorkRow): number {
  const { grid, duration, openFrame } = row;
  if (row.status === "completed") return duration ?? 0;
  if (!isProcessed(row) || !grid || !row.chunkCount) return 0;
  const frames = openFrame === null ? (duration ?? 0) : (openFrame * grid.rate.den) / grid.rate.num;
  const tracks = (row.audio ?? []).map((_, track) => audioTo(row, track));
  return Math.min(frames, ...tracks);
}

/** Seconds of the track that are stored without a gap. */
function audioTo(row: ShownWorkRow, track: number): number {
  const audio = row.encodedAudio?.find(({ rendition }) => rendition === audioRendition(track));
  const task = ofKind(row, "audio").find(({ index }) => index === track);
  // A track that ends before the video must not hold it back.
  if (task?.state === "succeeded") return Number.POSITIVE_INFINITY;
  return audio && audio.pieces === audio.reach ? audio.frames * AAC_FRAME_SECONDS : 0;
}

/** The chunks with their states, in seconds on the timeline. The last one runs to the probed end. */
function chunksOf({
  chunks,
  grid,
  duration,
}: ShownWorkRow): NonNullable<VideoDetail["processing"]>["chunks"] {
  if (!grid) return [];
  const seconds = (frames: number) => (frames * grid.rate.den) / grid.rate.num;
  return (chunks ?? []).map((task) => {
    const { index, state, worker, frames } = task;
    const begin = task.firstFrame ?? 0;
    return {
      index,
      from: seconds(begin),
      to: frames === null ? Math.max(seconds(begin), duration ?? 0) : seconds(begin + frames),
      state: state === "succeeded" ? "done" : state === "running" ? "running" : "waiting",
      uploaded: task.uploaded,
      worker,
      progress: doneShare(task),
    };
  });
}

/** The timeline, as far as the row has its chunks, with its figures; null unless it is processing. */
export function processingOf(row: ShownWorkRow): VideoDetail["processing"] {
  if (!isProcessed(row)) return null;
  const totalFrames = row.grid?.totalFrames ?? 0;
  const rate = row.grid ? row.grid.rate.num / row.grid.rate.den : 1;
  const running = ofKind(row, "encode").filter(({ state }) => state === "running");
  const speed = sum(running.map((task) => task.speed ?? 0));
  const left = (totalFrames - encodedFrames(row, totalFrames)) / rate;
  const isKnown = speed > 0;
  return {
    chunks: chunksOf(row),
    playableTo: playableTo(row),
    speed: isKnown ? speed : null,
    secondsLeft: isKnown ? left / speed : null,
    // A waiting chunk has never been tried.
    retries: Math.max(
      0,
      ...(row.tasks ?? []).map(({ state, failures }) => (state === "succeeded" ? 0 : failures)),
    ),
  };
}

/** Renditions as planned, with size and mean rate once the video is completed. */
export function renditionsOf(row: ShownRow): Video["renditions"] {
  const isDone = row.status === "completed";
  return (row.rungs ?? []).map(({ name, width, height, codec, copied = false }) => {
    const made = isDone ? row.quality?.renditions.find((rendition) => rendition.name === name) : undefined;
    return { name, width, height, codec, bitrate: made?.bitrate ?? null, size: made?.size ?? null, copied };
  });
}
