/**
 * Takes one video through the product: uploaded, completed, followed in the rows until it is completed or
 * playable.
 */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type CutPlan, cutPlanSchema } from "@storagex/contract/tasks/plan";
import { playbackSchema } from "@storagex/contract/videos/playback";
import { expectJson, putParts, ticket } from "../../e2e/testing/account.ts";
import { type Crew, type Product, planOf, type TaskTrace } from "./product.ts";

const run = promisify(execFile);
const total = (values: number[]) => values.reduce((sum, each) => sum + each, 0);
const now = () => Date.now() / 1000;

/** Uploads without completing; returns the video's id. */
export async function uploaded({ person }: Product, source: string): Promise<string> {
  const granted = await ticket(person, "bench.mp4", (await stat(source)).size);
  await putParts(person, granted, source);
  return granted.video.id;
}

/** Sends `complete`; returns when it was sent and how long the response took, in seconds. */
export async function complete({ person }: Product, id: string): Promise<{ sent: number; answered: number }> {
  const sent = now();
  await expectJson(await person.call("POST", `/v1/videos/${id}/complete`, {}), 200);
  return { sent, answered: now() - sent };
}

export async function remove(product: Product, id: string): Promise<void> {
  await expectJson(await product.person.call("DELETE", `/v1/videos/${id}`), 204);
  await product.idle();
}

/** Seconds; `tasks` for the profile. */
export type Through = {
  /** `complete` sent → video completed. */
  wall: number;
  /** `complete` sent → last chunk and audio done: the work that bare FFmpeg does. */
  encoded: number;
  /** FFmpeg's CPU in encode and audio tasks. */
  cpu: number;
  /** The same for each chunk, in order, and for the audio. */
  chunkCpu: number[];
  audioCpu: number;
  /** CPU of the workers in total: FFmpeg, transfers, checks, remux, stills. */
  crewCpu: number;
  /** CPU of all processes in that time, by process group. */
  cpuBy: Record<string, number>;
  sent: number;
  tasks: TaskTrace[];
  plan: CutPlan;
};

/** Takes `source` all the way to `completed`. */
export async function through(product: Product, crew: Crew, source: string): Promise<Through> {
  const id = await uploaded(product, source);
  const before = { crew: crew.cpu(), own: crew.ownCpu(), parts: await product.cpuOfParts() };
  const { sent } = await complete(product, id);
  const video = await product.until(id, ({ status }) => status === "completed");
  const crewCpu = crew.cpu() - before.crew;
  const own = crew.ownCpu() - before.own;
  const parts = Object.entries(await product.cpuOfParts()).map(
    ([name, seconds]) => [name, seconds - (before.parts[name] ?? 0)] as const,
  );
  const tasks = await product.tasks(id);
  const ends = tasks.flatMap(({ kind, finished }) => (kind === "finish" ? [] : [finished ?? sent]));
  const ran = crew.ran.filter((each) => each.videoId === id).toSorted((a, b) => a.index - b.index);
  const cpuOf = (kind: "encode" | "audio") => ran.flatMap((each) => (each.kind === kind ? [each.cpu] : []));
  const chunkCpu = cpuOf("encode");
  const audioCpu = total(cpuOf("audio"));
  const cpu = total(chunkCpu) + audioCpu;
  await remove(product, id);
  return {
    wall: (video.completed ?? now()) - sent,
    encoded: Math.max(...ends) - sent,
    cpu,
    chunkCpu,
    audioCpu,
    crewCpu,
    cpuBy: {
      "FFmpeg: chunks and audio": cpu,
      "FFmpeg: plan, MP4, stills, quality": crewCpu - own - cpu,
      "worker itself: transfers, checks, reports": own,
      ...Object.fromEntries(parts),
    },
    sent,
    tasks,
    plan: planOf(video),
  };
}

/**
 * The plan that the product makes for `source`. Throws where it would copy: the benchmark measures encoding.
 */
export async function planFor(product: Product, source: string): Promise<CutPlan> {
  const id = await uploaded(product, source);
  await complete(product, id);
  const { plan } = await product.until(id, (video) => video.plan !== null);
  await remove(product, id);
  const parsed = cutPlanSchema.parse(plan);
  if (parsed.rungs.some(({ copied }) => copied)) throw new Error("the source would be copied, not encoded");
  return parsed;
}

/** Seconds from `complete` sent; `tasks` for the profile. */
export type First = {
  answered: number;
  /** The plan task's claim: a worker has started. */
  claimed: number;
  /** `playback` answers. */
  playable: number;
  /** FFmpeg, reading the signed playlist as a player does, has decoded a frame. */
  firstFrame: number;
  sent: number;
  tasks: TaskTrace[];
};

/**
 * Completes `source`, stops the clock at the first decoded frame, and deletes the video while it is being
 * processed.
 */
export async function timeFirstFrame(product: Product, source: string): Promise<First> {
  const id = await uploaded(product, source);
  const { sent, answered } = await complete(product, id);
  const hls = await playlist(product, id);
  const playable = now() - sent;
  await decodeOne(hls);
  const firstFrame = now() - sent;
  const tasks = await product.tasks(id);
  const claimed = (tasks.find(({ kind }) => kind === "plan")?.started ?? now()) - sent;
  await remove(product, id);
  return { answered, claimed, playable, firstFrame, sent, tasks };
}

/** Decodes the playlist's first frame as a player does. */
const decodeOne = (hls: string) =>
  run("ffmpeg", [
    ...["-v", "error", "-nostdin", "-live_start_index", "0", "-i", hls],
    ...["-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"],
  ]);

/** Seconds from `sent` until a player has decoded the first frame. Throws when the video failed. */
export async function decodeFirst(product: Product, id: string, sent: number): Promise<number> {
  await decodeOne(await playlist(product, id));
  return now() - sent;
}

/** Polls every 50 ms until there is a playlist. Throws when the video failed. */
async function playlist(product: Product, id: string): Promise<string> {
  for (;;) {
    const answer = await product.person.call("GET", `/v1/videos/${id}/playback`);
    const text = await answer.text();
    const hls = answer.ok ? playbackSchema.parse(JSON.parse(text)).hls : null;
    if (hls) return hls;
    const { status, errorCode } = await product.video(id);
    if (status === "failed") throw new Error(`the video failed: ${errorCode}`);
    await sleep(50);
  }
}
