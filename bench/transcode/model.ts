/** A model of N machines like this one, from the costs measured on one worker's run. */
import type { CutPlan, Plan } from "@storagex/contract/tasks/plan";
import { cutChunks, secondsAt } from "../../transcode-node/src/media/plan/grid.ts";
import { median } from "./figures.ts";
import type { Round } from "./rounds.ts";
import type { Through } from "./through.ts";

export type Parts = {
  /** CPU seconds of a chunk: a fixed cost, and a cost per second of video. */
  chunkCpu: number;
  secondCpu: number;
  /** CPU seconds of the audio per second of video. */
  audioCpu: number;
  /** Cores that a worker kept busy from the first claim of a chunk to the end of the last one. */
  cores: number;
  /** Wall seconds: `complete` → chunks may start; last chunk → completed, per second of video. */
  plan: number;
  finish: number;
};

export type Modelled = { workers: number; chunks: number; wall: number; speedup: number };

const total = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);

/** Seconds of the plan's chunks; the last one extends to the end. */
const lengths = ({ grid, source }: Plan, chunks: CutPlan["chunks"]): number[] =>
  chunks.map(({ firstFrame, frames }) =>
    frames === null
      ? Math.max(0, source.duration - secondsAt(firstFrame, grid.rate))
      : secondsAt(frames, grid.rate),
  );

function partsOfRun(run: Through): Parts {
  const { plan, chunkCpu, audioCpu, tasks, sent } = run;
  const seconds = lengths(plan, plan.chunks);
  const mean = { x: total(seconds) / seconds.length, y: total(chunkCpu) / seconds.length };
  const spread = total(seconds.map((x) => (x - mean.x) ** 2));
  // Least squares; a single chunk says nothing about the fixed cost of a chunk.
  const slope =
    spread === 0
      ? mean.y / mean.x
      : total(seconds.map((x, n) => (x - mean.x) * ((chunkCpu[n] ?? mean.y) - mean.y))) / spread;
  const starts = tasks.flatMap(({ kind, started }) =>
    (kind === "encode" || kind === "audio") && started !== null ? [started - sent] : [],
  );
  const begin = Math.min(...starts);
  return {
    chunkCpu: Math.max(0, mean.y - slope * mean.x),
    secondCpu: slope,
    audioCpu: audioCpu / plan.source.duration,
    cores: (total(chunkCpu) + audioCpu) / (run.encoded - begin),
    plan: begin,
    finish: (run.wall - run.encoded) / plan.source.duration,
  };
}

/** Medians over the rounds; null where no round ran the product. */
export function partsOf(rounds: readonly Round[]): Parts | null {
  const all = rounds.flatMap(({ one }) => (one ? [partsOfRun(one)] : []));
  if (all.length === 0) return null;
  const of = (name: keyof Parts) => median(all.map((parts) => parts[name]));
  return {
    chunkCpu: of("chunkCpu"),
    secondCpu: of("secondCpu"),
    audioCpu: of("audioCpu"),
    cores: of("cores"),
    plan: of("plan"),
    finish: of("finish"),
  };
}

/**
 * Wall seconds of a video of `seconds` on `workers` machines: chunks as the planner would cut them, each
 * started in timeline order by the next free machine, the audio before them.
 */
function wallOn(
  workers: number,
  slots: number,
  seconds: number,
  plan: Plan,
  parts: Parts,
): Omit<Modelled, "speedup"> {
  const scale = seconds / plan.source.duration;
  const grid = { ...plan.grid, totalFrames: Math.round(plan.grid.totalFrames * scale) };
  const long = { ...plan, grid, source: { ...plan.source, duration: seconds } };
  const chunks = cutChunks(grid, { workers: workers * slots, isUploading: false });
  const work = [
    parts.audioCpu * seconds,
    ...lengths(long, chunks).map((length) => parts.chunkCpu + parts.secondCpu * length),
  ];
  const freeAt = Array.from({ length: workers }, () => 0);
  for (const cpu of work) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + cpu / parts.cores;
  }
  return { workers, chunks: chunks.length, wall: parts.plan + Math.max(...freeAt) + parts.finish * seconds };
}

/** The model for 1 to 32 machines. */
export function model(seconds: number, slots: number, plan: Plan, parts: Parts): Modelled[] {
  const walls = [1, 2, 4, 8, 16, 32].map((workers) => wallOn(workers, slots, seconds, plan, parts));
  return walls.map((each) => ({ ...each, speedup: (walls[0]?.wall ?? 0) / each.wall }));
}
