/**
 * The audio step: one track on one timeline, split into pieces at segment boundaries and published while
 * FFmpeg still writes.
 */
import { join } from "node:path";
import { noteOf } from "@storagex/contract/media/note";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { AudioTrack } from "@storagex/contract/tasks/plan";
import type { TaskResult } from "@storagex/contract/tasks/report";
import {
  AAC_RATE,
  audioArgs,
  EVEN_SOURCE,
  EVEN_TRACK,
  evenArgs,
  evenBytes,
  loudnessOf,
  silenceArgs,
} from "../../media/args/audio-args.ts";
import { MediaFailure } from "../../media/failure.ts";
import { runTool, type ToolRun } from "../../media/run/ffmpeg.ts";
import { EndedFromOutside } from "../../media/run/from-outside.ts";
import { lightLimits } from "../../media/run/limits.ts";
import { openSourceProxy, type SourceProxy, type Transfer } from "../../transfer/source-proxy.ts";
import { assertRan, failureOfRun } from "../result.ts";
import type { StepContext } from "../step.ts";
import { type Publisher, publishing } from "./audio-pieces.ts";

/**
 * FFmpeg's message where the number of channels or the rate changes midway (broadcasts do this): its filters
 * cannot follow.
 */
const CHANGED = /Changing audio frame properties on the fly/;
/**
 * FFmpeg's exit code where more than two thirds of the packets could not be decoded: it has output all the
 * others.
 */
const MOSTLY_DAMAGED = 69;
/**
 * Min samples (one second) for which the meter's "silent" is meaningful; for fewer it always reports silence.
 */
const MIN_MEASURED = AAC_RATE;

type Work = {
  lease: LeaseOf<"audio">;
  context: StepContext;
  proxy: SourceProxy;
  track: AudioTrack;
  source: Transfer;
  /** When encoding must end (`performance.now()`), so that there is time for silence instead. */
  deadline: number;
  /** Of all runs so far. */
  cpuSeconds: number;
};
/** Share of the hard limit for encoding. */
const ENCODING = 0.9;
/** The result of a run into a publisher; `broken` where its output was invalid, which ended the run. */
type Encoded = { publisher: Publisher } & (
  | { run: ToolRun; broken: null }
  | { run: null; broken: MediaFailure }
);
/** As in the task's result; loudness in LUFS. */
type Published = { pieces: number; loudness: number | null };

/**
 * Encodes track `lease.index`, piece by piece; starts publishing after the pieces that an earlier attempt
 * recorded.
 */
export async function audio(lease: LeaseOf<"audio">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const track = lease.plan.source.audio[lease.index];
  if (!track)
    throw new MediaFailure("transcoder.output_invalid", `the plan has no audio track ${lease.index}`);
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const deadline = began + ENCODING * 1000 * lease.hardLimitSeconds;
  const work: Work = { lease, context, proxy, track, source, deadline, cpuSeconds: 0 };
  const published = await publishTrack(work);
  context.progress(1, null);
  const wallSeconds = (performance.now() - began) / 1000;
  return { kind: "audio", ...published, cpuSeconds: work.cpuSeconds, wallSeconds };
}

/**
 * Publishes the track as far as it can be decoded, then silence for the rest, with a note. Throws like
 * `assertRan`.
 */
async function publishTrack(work: Work): Promise<Published> {
  const { lease, context, track, source } = work;
  let made = await encode(work, lease.pinned.pieces);
  // A failure may be accidental once; published pieces stay, and the second run continues after them.
  if (isBroken(work, made) && made.publisher.pieces() > 0 && !made.run?.timedOut)
    made = await encode(work, Math.max(lease.pinned.pieces, made.publisher.pieces()));
  const { publisher, run, broken } = made;
  if (isBroken(work, made)) {
    const why = { at: publisher.samples(), why: broken?.message, stderr: run?.stderr };
    context.log.warn({ track: lease.index, ...why }, "the track cannot be decoded: silence instead");
    return publisher.pieces() > 0 ? silentFrom(work, publisher) : silent(work);
  }
  if (!run) throw broken;
  const isDamaged = run.code === MOSTLY_DAMAGED;
  if (!isDamaged) assertRan(run, source);
  await publisher.end();
  if (publisher.pieces() === 0) return silent(work);
  const loudness = loudnessOf(run.stderr);
  if (isDamaged) context.note(noteOf("audio.damaged", { track: nameOf(track) }));
  else if (loudness === null && publisher.samples() >= MIN_MEASURED)
    context.note(noteOf("audio.nothing_heard", { track: nameOf(track) }));
  return { pieces: publisher.pieces(), loudness };
}

/**
 * Whether the track is to blame for a failed run; the object store and the machine do not count. A run that
 * takes too long, and a crash before the first piece, may be the machine's fault in the first attempt.
 */
function isBroken({ lease, source, context }: Work, { publisher, run, broken }: Encoded): boolean {
  if (source.failure || context.signal.aborted) return false;
  if (broken) return true;
  if (run.code === MOSTLY_DAMAGED) return publisher.pieces() === 0;
  const failure = failureOfRun(run, source);
  if (!failure || failure.code === "transcoder.disk_full") return false;
  if (failure instanceof EndedFromOutside && !failure.mayBeTheFile) return false;
  if (failure.code.startsWith("source.") || lease.attempt > 1) return true;
  return !run.timedOut && publisher.pieces() > 0;
}

/**
 * One run of the whole track, or two where its format changes midway; the first `sent` pieces are already
 * published.
 */
async function encode(work: Work, sent: number): Promise<Encoded> {
  const { lease, context, proxy, track, source } = work;
  const { source: facts } = lease.plan;
  const first = await runInto(work, audioArgs({ url: source.url, source: facts, track }), sent);
  if (!first.run || !CHANGED.test(first.run.stderr) || source.failure) return first;
  // First to a file of one format; published pieces stay, and the second run continues after them.
  const even = join(context.scratch, "even.mka");
  const evened = await run(work, evenArgs({ url: source.url, source: facts, track, file: even }));
  if (source.failure || evened.code !== 0) return { ...first, run: evened };
  const { url } = await proxy.file("even", even);
  const args = audioArgs({ url, source: EVEN_SOURCE, track: EVEN_TRACK });
  return runInto(work, args, Math.max(sent, first.publisher.pieces()));
}

async function runInto(work: Work, args: string[], sent: number): Promise<Encoded> {
  const publisher = publishing(work.lease, work.context, sent);
  try {
    return { publisher, run: await run(work, args, publisher), broken: null };
  } catch (error) {
    if (!(error instanceof MediaFailure) || error.code !== "transcoder.output_invalid") throw error;
    return { publisher, run: null, broken: error };
  }
}

async function run(
  work: Work,
  args: string[],
  publisher?: Publisher,
  seconds = Math.max(1, (work.deadline - performance.now()) / 1000),
): Promise<ToolRun> {
  const { lease, context } = work;
  const ran = await runTool({
    tool: context.tools.ffmpeg,
    args,
    limits: lightLimits(seconds, evenBytes(lease.plan.source.duration)),
    folder: context.scratch,
    signal: context.signal,
    stdout: (bytes) => publisher?.take(bytes),
  });
  work.cpuSeconds += ran.cpuSeconds;
  const { command, cpuSeconds: cpu, code } = ran;
  context.log.info({ track: lease.index, command, cpu, code }, "audio ran");
  return ran;
}

/** Silence for a track of which nothing can be decoded: the plan is final, so the rendition must exist. */
async function silent(work: Work): Promise<Published> {
  // A new publisher, because the few samples decoded have advanced the other one's clock.
  const publisher = publishing(work.lease, work.context, work.lease.pinned.pieces);
  work.context.note(noteOf("audio.silent", { track: nameOf(work.track) }));
  return fill(work, publisher);
}

/** Silence for everything after the published pieces. */
function silentFrom(work: Work, publisher: Publisher): Promise<Published> {
  const seconds = Math.floor(publisher.samples() / AAC_RATE);
  const at = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  work.context.note(noteOf("audio.breaks_off", { track: nameOf(work.track), at }));
  publisher.cut();
  return fill(work, publisher);
}

async function fill(work: Work, publisher: Publisher): Promise<Published> {
  const from = publisher.samples();
  const left = Math.round(work.lease.plan.source.duration * AAC_RATE) - from;
  const args = silenceArgs({ from, samples: left });
  if (left > 0) assertRan(await run(work, args, publisher, work.lease.hardLimitSeconds), null);
  await publisher.end();
  return { pieces: publisher.pieces(), loudness: null };
}

/** The file's own number of a track, counted from 1; two numbers for a left and a right stream. */
const nameOf = ({ stream, right }: AudioTrack): string =>
  right === undefined ? String(stream + 1) : `${stream + 1} and ${right + 1}`;
