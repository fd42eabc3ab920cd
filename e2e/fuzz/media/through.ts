/** Takes one file through the worker's own steps, in process, and says what was wrong with what came of it. */
import { type CutPlan, cutPlanSchema } from "@storagex/contract/task";
import { MediaFailure } from "../../../transcode-node/src/media/failure.ts";
import type { Store } from "../../../transcode-node/src/testing/store.ts";
import {
  audio,
  encode,
  finish,
  outputKey,
  plan,
  type Walk,
} from "../../../transcode-node/src/testing/walk.ts";
import { decodedSpan, measured } from "./decoded.ts";

/** `fault` is what was wrong; null where all was as it must be. */
export type Outcome = { ended: string; fault: string | null };

/** Seconds within which a plan must end, on a busy machine: FFmpeg's own limits end it much later. */
const PLAN_SECONDS = 90;
/** Seconds by which a completed video may differ from what FFmpeg decodes of its source. */
const TOLERANCE = 0.6;

/** Codes that blame us: a spoilt file deserves a reason of its own. */
const isOurs = (code: string) => code === "transcoder.crashed" || code === "transcoder.timeout";

/** Probe and plan of `bytes`; with `whole` the encode, the audio and the MP4 as well, compared with the source. */
export async function through(
  store: Store,
  key: string,
  bytes: Buffer,
  { whole }: { whole: boolean },
): Promise<Outcome> {
  store.put(key, bytes);
  const signal = AbortSignal.timeout((whole ? 4 : 1) * PLAN_SECONDS * 1000);
  const walk: Walk = { store, key, signal };
  try {
    const made = cutPlanSchema.parse(await plan(walk));
    if (!whole) return { ended: "planned", fault: null };
    return { ended: "completed", fault: await wrongSuccess(walk, made, bytes) };
  } catch (error) {
    if (signal.aborted) return { ended: "hung", fault: "not ended within its limit" };
    if (!(error instanceof MediaFailure))
      return {
        ended: "crashed",
        fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
    return { ended: error.code, fault: isOurs(error.code) ? error.message : null };
  } finally {
    for (const name of store.objects.keys()) if (name.includes(key)) store.objects.delete(name);
  }
}

/** Where the finished MP4 differs from what FFmpeg decodes of the source. */
async function wrongSuccess(walk: Walk, made: CutPlan, bytes: Buffer): Promise<string | null> {
  const source = made.mezzanine === null ? bytes : null;
  const copy = walk.store.objects.get(`${outputKey(walk, "mezzanine.mkv")}.0`);
  if (copy) walk.store.put(walk.key, copy);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const sound = [];
  for (const n of made.source.audio.keys()) sound.push(await audio(walk, made, n));
  const done = await finish(walk, made, video, sound[0] ?? []);
  const mp4 = walk.store.objects.get(`${outputKey(walk, done.mp4.name)}.0`) ?? Buffer.alloc(0);
  const film = await measured(mp4);
  const frames = made.grid.totalFrames;
  const rate = made.grid.rate.num / made.grid.rate.den;
  if (Math.abs(film.frames - frames) > Math.max(2, rate * TOLERANCE))
    return `${film.frames} frames where the plan says ${frames}`;
  const span = source && (await decodedSpan(source, made.source));
  if (span !== null && Math.abs(film.seconds - span) > TOLERANCE)
    return `lasts ${film.seconds.toFixed(2)} s where FFmpeg decodes ${span.toFixed(2)} s`;
  return null;
}
