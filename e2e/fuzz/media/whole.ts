/**
 * Takes one file through the whole path of a running product (API, broker, worker, playback) and reports what
 * was wrong with it.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "@storagex/contract/tasks/plan";
import { type Stage, type Outcome as Whole, wholePath } from "../../testing/whole-path.ts";
import { decodedMp4, decodedSource } from "./decoded.ts";
import type { Whole as File } from "./inputs.ts";
import { wrongSuccess } from "./judge.ts";
import { isOurs, type Outcome } from "./through.ts";

/** Seconds within which a file must be completed or failed, with several in flight on a busy machine. */
const WHOLE_SECONDS = 300;

/** The result of probe and plan on the same bytes in process: the whole path must have the same. */
type Expected = { ended: string; made: Plan | null };

/**
 * Uploads `bytes` under the input's name, waits, and compares what is played with what FFmpeg decodes of the
 * source.
 */
export async function whole(stage: Stage, { name, bytes }: File, expected: Expected): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-fuzz-"));
  try {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const came = await wholePath(stage, path, {}, WHOLE_SECONDS).catch((error: unknown) => String(error));
    if (typeof came === "string") return { ended: "hung", fault: came.slice(0, 600) };
    const { video } = came;
    if (video.error) return failed(video.error, expected);
    return { ended: "completed", fault: await faultOf(came, { path, folder, expected }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A failure's reason must be the file's own; a refused plan must be refused for the same reason here. */
export function failed({ code, message }: { code: string; message: string }, expected: Expected): Outcome {
  if (isOurs(code)) return { ended: code, fault: message };
  if (expected.made === null && expected.ended !== code)
    return { ended: code, fault: `refused where the plan alone says ${expected.ended}` };
  return { ended: code, fault: null };
}

type At = { path: string; folder: string; expected: Expected };

async function faultOf({ video, playback }: Whole, { path, folder, expected }: At): Promise<string | null> {
  if (expected.made === null) return `completed where the plan alone says ${expected.ended}`;
  if (!playback?.mp4) return "completed without an MP4";
  const answer = await fetch(playback.mp4);
  if (!answer.ok) return `its MP4 answers ${answer.status}`;
  const mp4 = join(folder, "made.mp4");
  await writeFile(mp4, Buffer.from(await answer.arrayBuffer()));
  const made = await decodedMp4(mp4);
  const last = made.video.at(-1);
  const seconds = last ? last.at + last.lasts : 0;
  // One frame more or less: the plan's duration is an estimate of where the last frame ends.
  if (Math.abs((video.duration ?? 0) - seconds) > 0.1 + 1.5 * (last?.lasts ?? 0))
    return `the API says ${video.duration} s of an MP4 of ${seconds.toFixed(2)} s`;
  return wrongSuccess(made, await decodedSource(path, expected.made));
}
