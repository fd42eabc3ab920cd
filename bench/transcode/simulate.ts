/**
 * Simulates short and long videos that arrive on N machines: the effect of lanes and of the worker's
 * precedence rule, compared with one queue.
 */
import { laneOf } from "@storagex/contract/tasks/lane";
import type { Plan } from "@storagex/contract/tasks/plan";
import { cutChunks, perSecond, secondsAt } from "../../transcode-node/src/media/plan/grid.ts";
import {
  age,
  type Claimant,
  NICENESS,
  newClaimant,
  placesFor,
  settle,
} from "../../transcode-node/src/worker/turns/precedence.ts";
import type { Parts } from "./model.ts";

/** `at`: seconds after the start; `seconds`: length. */
export type Arrival = { at: number; seconds: number };
/** Seconds after arrival. */
export type Served = Arrival & { firstFrame: number; completed: number };
export type Policy = "one queue" | "lanes";
type Kind = "plan" | "encode" | "audio" | "finish";
type Setting = {
  machines: number;
  cores: number;
  slots: number;
  policy: Policy;
  parts: Parts;
  rate: Plan["grid"]["rate"];
};

const STEP = 0.1;
/** Seconds of audio in its first piece. */
const FIRST_PIECE = 4;
/** Max cores that one FFmpeg process uses. */
const FILLS = 4;
const MIN_RELEASED = 4;

type Video = Served & { chunks: Task[]; audio: Task; finish: Task; released: number };
type Task = {
  video: Video;
  kind: Kind;
  index: number;
  lane: ReturnType<typeof laneOf>;
  /** CPU seconds needed, and how many are done. */
  cpu: number;
  done: number;
  claimant: Claimant;
};
type Machine = { running: Task[] };

const makeTask = (
  video: Video,
  kind: Kind,
  index: number,
  cpu: number,
  chunkSeconds: number | null,
): Task => {
  const lane = laneOf({ kind, index, chunkSeconds, duration: video.seconds });
  const claimant = newClaimant(lane === "audio" ? "express" : lane, kind === "finish");
  return { video, kind, index, lane, cpu, done: 0, claimant };
};

function makeVideo({ at, seconds }: Arrival, { machines, slots, parts, rate }: Setting): Video {
  const totalFrames = Math.round(seconds * perSecond(rate));
  const grid = { rate, segmentFrames: Math.round(2 * perSecond(rate)), totalFrames, preRoll: 1 };
  const video = { at, seconds, firstFrame: Number.NaN, completed: Number.NaN, released: 0 } as Video;
  video.chunks = cutChunks(grid, { workers: machines * slots, isUploading: false }).map(
    ({ index, firstFrame, frames }) => {
      const length = frames === null ? seconds - secondsAt(firstFrame, rate) : secondsAt(frames, rate);
      return makeTask(video, "encode", index, parts.chunkCpu + parts.secondCpu * length, length);
    },
  );
  video.audio = makeTask(video, "audio", 0, parts.audioCpu * seconds, null);
  video.finish = makeTask(video, "finish", 0, parts.finish * seconds * parts.cores, null);
  return video;
}

const isDone = ({ cpu, done }: Task) => done >= cpu - 1e-9;

/** Max tasks of a lane that one machine takes. */
const placesOf = ({ policy, cores, slots }: Setting, lane: Task["lane"]): number =>
  policy === "lanes" && lane === "express" ? placesFor(cores) : slots;

/** Whether `machine` takes `task` now: audio after its first piece occupies no slot. */
function takes(setting: Setting, machine: Machine, task: Task): boolean {
  if (setting.policy === "one queue") return machine.running.length < setting.slots;
  const beside = machine.running.filter(({ lane }) => lane === task.lane);
  if (task.lane === "audio") return beside.every(({ claimant }) => claimant.rank !== "express");
  return beside.length < placesOf(setting, task.lane);
}

/**
 * Divides the CPU of one step among the running tasks: by weight (a nice level is a quarter), none more than
 * it can use.
 */
function advance(machine: Machine, { cores }: Setting): void {
  let left = cores * STEP;
  let open = machine.running.filter(({ claimant }) => !claimant.isStopped);
  const weight = ({ claimant }: Task) => 1.25 ** -NICENESS[claimant.rank];
  while (left > 1e-9 && open.length > 0) {
    const weights = open.reduce((sum, task) => sum + weight(task), 0);
    const share = left / weights;
    left = 0;
    const maxStep = (task: Task) =>
      Math.min(task.cpu - task.done, (task.kind === "audio" ? 1 : FILLS) * STEP);
    const next: Task[] = [];
    for (const task of open) {
      const given = Math.min(share * weight(task), maxStep(task));
      task.done += given;
      left += share * weight(task) - given;
      if (given < maxStep(task) - 1e-12 && given === share * weight(task)) next.push(task);
    }
    if (next.length === open.length) break;
    open = next;
  }
}

/** Applies the progress of a step: first frames, released chunks, `finish`, completion. */
function follow(task: Task, now: number, queue: Task[], setting: Setting): void {
  const { video } = task;
  const release = () => {
    const out = video.chunks.slice(0, video.released).filter((chunk) => !isDone(chunk)).length;
    const limit = Math.max(MIN_RELEASED, 2 * setting.machines * setting.slots);
    const next = video.chunks.slice(video.released, video.released + Math.max(0, limit - out));
    video.released += next.length;
    queue.push(...next);
  };
  const firstPiece = Math.min(video.audio.cpu, setting.parts.audioCpu * FIRST_PIECE);
  if (task.kind === "audio" && task.done >= firstPiece) {
    task.claimant.rank = video.seconds <= 60 ? "short" : "bulk";
    task.claimant.isLight = true;
  }
  const [first] = video.chunks;
  if (Number.isNaN(video.firstFrame) && first && isDone(first) && video.audio.done >= firstPiece)
    video.firstFrame = now - video.at;
  if (!isDone(task)) return;
  if (task.kind === "plan") {
    release();
    queue.splice(Math.max(0, queue.length - video.released + 1), 0, video.audio);
  } else if (task.kind === "finish") video.completed = now - video.at;
  else {
    release();
    if (isDone(video.audio) && video.chunks.every(isDone)) queue.push(video.finish);
  }
}

/** Serves all arrivals to completion. Deterministic. */
export function simulate(arrivals: readonly Arrival[], setting: Setting): Served[] {
  const machines: Machine[] = Array.from({ length: setting.machines }, () => ({ running: [] }));
  const coming = arrivals.toSorted((a, b) => a.at - b.at).map((arrival) => makeVideo(arrival, setting));
  const videos = [...coming];
  const queue: Task[] = [];
  const places = placesFor(setting.cores);
  for (let now = 0; videos.some(({ completed }) => Number.isNaN(completed)); now += STEP) {
    while ((coming[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const video = coming.shift();
      if (video) queue.push(makeTask(video, "plan", 0, setting.parts.plan, null));
    }
    for (const task of [...queue]) {
      const free = machines.filter((machine) => takes(setting, machine, task));
      const machine = free.toSorted((a, b) => a.running.length - b.running.length)[0];
      if (!machine) continue;
      queue.splice(queue.indexOf(task), 1);
      machine.running.push(task);
    }
    for (const machine of machines) {
      if (setting.policy === "lanes")
        settle(
          machine.running.map(({ claimant }) => claimant),
          places,
        );
      for (const { claimant } of machine.running) age(claimant, STEP);
      advance(machine, setting);
      for (const task of machine.running) follow(task, now + STEP, queue, setting);
      machine.running = machine.running.filter((task) => !isDone(task));
    }
  }
  return videos;
}

/**
 * A typical hour: per machine, a 10 s clip every half minute and a ten-minute film every ten minutes;
 * pseudo-random with a fixed seed.
 */
export function anHour(machines: number): Arrival[] {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const every = (mean: number, seconds: number): Arrival[] => {
    const wait = () => -mean * Math.log(random());
    const all: Arrival[] = [];
    for (let at = wait(); at < 3_600; at += wait()) all.push({ at, seconds });
    return all;
  };
  return [...every(30 / machines, 10), ...every(600 / machines, 600)];
}

export type Simulated = {
  machines: number;
  policy: Policy;
  /** Seconds: median and 95th percentile. */
  firstFrame: [number, number];
  clip: [number, number];
  film: [number, number];
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ??
  Number.NaN;
const spread = (values: readonly number[]): [number, number] => [
  quantile(values, 0.5),
  quantile(values, 0.95),
];

/** The hour under both policies on 1, 2 and 8 machines. */
export function simulated(setting: Omit<Setting, "machines" | "policy">): Simulated[] {
  return [1, 2, 8].flatMap((machines) =>
    (["one queue", "lanes"] as const).map((policy) => {
      const all = simulate(anHour(machines), { ...setting, machines, policy });
      const clips = all.filter(({ seconds }) => seconds === 10);
      return {
        machines,
        policy,
        firstFrame: spread(all.map(({ firstFrame }) => firstFrame)),
        clip: spread(clips.map(({ completed }) => completed)),
        film: spread(all.filter((each) => !clips.includes(each)).map(({ completed }) => completed)),
      };
    }),
  );
}
