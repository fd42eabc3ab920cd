/** How far a video is, from its tasks: the whole as one number, the timeline chunk by chunk, and what can be played. */
import type { Video, VideoDetail } from "@storagex/contract/video";
import type { TaskRow, VideoRow } from "./read.ts";

/** Shares of the whole: probing is short, `finish` only remuxes. */
const PLAN = 0.03;
const FINISH = 0.07;
/** A second of audio costs this much of a second of picture. */
const AUDIO = 0.05;

type Span = { index: number; from: number; to: number };

/** The chunks in seconds on the timeline; the last one goes to the probed end. */
function spansOf({ grid, chunks, duration }: VideoRow): Span[] {
  if (!grid || !chunks) return [];
  const seconds = (frames: number) => (frames * grid.rate.den) / grid.rate.num;
  return chunks.map(({ index, firstFrame, frames }) => ({
    index,
    from: seconds(firstFrame),
    to: frames === null ? Math.max(seconds(firstFrame), duration ?? 0) : seconds(firstFrame + frames),
  }));
}

const doneShare = (task: TaskRow | undefined) =>
  task?.state === "succeeded" ? 1 : task?.state === "running" ? task.progress : 0;

function byKind(row: VideoRow) {
  const tasks = row.tasks ?? [];
  const encodes = new Map(tasks.flatMap((task) => (task.kind === "encode" ? [[task.index, task]] : [])));
  const audios = tasks.filter((task) => task.kind === "audio");
  const one = (kind: TaskRow["kind"]) => tasks.find((task) => task.kind === kind);
  return { encodes, audios, plan: one("plan"), finish: one("finish") };
}

/** 0–1; encode chunks count by their length on the timeline. */
export function progressOf(row: VideoRow): number {
  if (row.status === "completed") return 1;
  if (row.status !== "processing") return 0;
  const { encodes, audios, plan, finish } = byKind(row);
  if (!row.chunks) return PLAN * doneShare(plan);
  let all = 0;
  let done = 0;
  for (const { index, from, to } of spansOf(row)) {
    all += to - from;
    done += (to - from) * doneShare(encodes.get(index));
  }
  for (const audio of audios) {
    all += AUDIO * (row.duration ?? 0);
    done += AUDIO * (row.duration ?? 0) * doneShare(audio);
  }
  const middle = all > 0 ? done / all : 0;
  return Math.min(1, PLAN + (1 - PLAN - FINISH) * middle + FINISH * doneShare(finish));
}

/** Seconds from the start for which pictures and the first track's sound are there. */
export function playableTo(row: VideoRow): number {
  if (row.status === "completed") return row.duration ?? 0;
  if (row.status !== "processing") return 0;
  const { encodes } = byKind(row);
  let pictures = 0;
  for (const { index, to } of spansOf(row)) {
    if (encodes.get(index)?.state !== "succeeded") break;
    pictures = to;
  }
  const tracks = (row.audio ?? []).map((_, track) => soundTo(row, track));
  return Math.min(pictures, ...tracks);
}

/** AAC frames hold 1,024 samples at 48 kHz. */
function soundTo(row: VideoRow, track: number): number {
  const sound = row.sound?.find(({ rendition }) => rendition === `audio-${track}`);
  const isWhole = row.tasks?.some(
    (task) => task.kind === "audio" && task.index === track && task.state === "succeeded",
  );
  // A track that ends before the picture must not hold it back.
  if (isWhole) return Number.POSITIVE_INFINITY;
  return sound && sound.pieces === sound.reach ? (sound.frames * 1024) / 48_000 : 0;
}

/** The strip and its numbers; null unless it is being worked on. */
export function processingOf(row: VideoRow): VideoDetail["processing"] {
  if (row.status !== "processing") return null;
  const { encodes } = byKind(row);
  const chunks = spansOf(row).map((span) => {
    const task = encodes.get(span.index);
    const state =
      task?.state === "succeeded"
        ? ("done" as const)
        : task?.state === "running"
          ? ("running" as const)
          : ("waiting" as const);
    return { ...span, state, worker: task?.worker ?? null, progress: doneShare(task) };
  });
  let speed = 0;
  for (const task of encodes.values()) if (task.state === "running") speed += task.speed ?? 0;
  let left = 0;
  for (const chunk of chunks) left += (chunk.to - chunk.from) * (1 - chunk.progress);
  const isKnown = speed > 0;
  return {
    chunks,
    playableTo: playableTo(row),
    speed: isKnown ? speed : null,
    secondsLeft: isKnown ? left / speed : null,
    retries: Math.max(
      0,
      ...(row.tasks ?? []).map(({ state, failures }) => (state === "succeeded" ? 0 : failures)),
    ),
  };
}

/** Renditions as planned, with size and mean rate once the video is completed. */
export function renditionsOf(row: VideoRow): Video["renditions"] {
  const isDone = row.status === "completed";
  return (row.rungs ?? []).map(({ name, width, height, codec, copied = false }) => {
    const made = isDone ? row.quality?.renditions.find((rendition) => rendition.name === name) : undefined;
    return { name, width, height, codec, bitrate: made?.bitrate ?? null, size: made?.size ?? null, copied };
  });
}
