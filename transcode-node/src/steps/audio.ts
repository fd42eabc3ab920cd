/** The audio step: one track on one timeline, cut into pieces at segment borders and published while FFmpeg still writes. */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import { noteOf } from "@storagex/contract/media-note";
import type { MediaObject, TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import {
  audioArgs,
  EVEN_SOURCE,
  EVEN_TRACK,
  evenArgs,
  loudnessOf,
  silenceArgs,
} from "../media/audio-args.ts";
import { MediaFailure } from "../media/failure.ts";
import { runTool, type ToolRun } from "../media/ffmpeg.ts";
import { type LiveSegment, StreamCutter } from "../media/fragments.ts";
import { lightLimits } from "../media/limits.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy } from "../transfer/source-proxy.ts";
import { assertRan } from "./outcome.ts";
import type { StepContext } from "./step.ts";

/** Seconds: the first piece is short, so that the first picture never waits for its sound. */
const FIRST_PIECE = 4;
const MAX_FILE = 4 * 2 ** 30;

/** FFmpeg's words where the number of channels or the rate changes midway (broadcasts do): its filters cannot follow. */
const CHANGED = /Changing audio frame properties on the fly/;

type Publisher = {
  take(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
  pieces(): number;
};

/** Encodes track `lease.index`, piece by piece; starts publishing after the pieces that an earlier attempt has pinned. */
export async function audio(lease: LeaseOf<"audio">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { source: facts } = lease.plan;
  const track = facts.audio[lease.index];
  if (!track)
    throw new MediaFailure("transcoder.output_invalid", `the plan has no audio track ${lease.index}`);
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  let cpuSeconds = 0;
  const runInto = async (args: string[], publisher: Publisher | null): Promise<ToolRun> => {
    const run = await runTool({
      tool: context.tools.ffmpeg,
      args,
      limits: lightLimits(lease.hardLimitSeconds, MAX_FILE),
      folder: context.scratch,
      signal: context.signal,
      stdout: (bytes) => publisher?.take(bytes),
    });
    cpuSeconds += run.cpuSeconds;
    context.log.info(
      { track: lease.index, command: run.command, cpu: run.cpuSeconds, code: run.code },
      "audio ran",
    );
    return run;
  };

  let publisher = publishing(lease, context, lease.pinned.pieces);
  let run = await runInto(audioArgs({ url: source.url, source: facts, track }), publisher);
  if (CHANGED.test(run.stderr) && !source.failure) {
    // Once through a file of one form; what is published stays, the second run goes on after it.
    const even = join(context.scratch, "even.mka");
    assertRan(await runInto(evenArgs({ url: source.url, source: facts, track, file: even }), null), source);
    const { url } = await proxy.file("even", even);
    publisher = publishing(lease, context, Math.max(lease.pinned.pieces, publisher.pieces()));
    run = await runInto(audioArgs({ url, source: EVEN_SOURCE, track: EVEN_TRACK }), publisher);
  }
  if (run.code !== 0 && publisher.pieces() === 0 && !source.failure && !run.timedOut) {
    context.log.warn(
      { track: lease.index, stderr: run.stderr },
      "the track cannot be decoded: silence instead",
    );
    // The little that was decoded has moved this one's clock.
    publisher = publishing(lease, context, lease.pinned.pieces);
  } else {
    assertRan(run, source);
    await publisher.end();
  }
  const isSilent = publisher.pieces() === 0;
  if (isSilent) {
    context.note(noteOf("audio.silent", { track: track.stream + 1 }));
    assertRan(await runInto(silenceArgs(facts.duration), publisher), null);
    await publisher.end();
  }
  context.progress(1, null);
  const wallSeconds = (performance.now() - began) / 1000;
  const loudness = isSilent ? null : loudnessOf(run.stderr);
  return { kind: "audio", pieces: publisher.pieces(), loudness, cpuSeconds, wallSeconds };
}

/** Collects segments into pieces, uploads and reports each after the first `sent`; FFmpeg waits at its pipe meanwhile. */
function publishing(lease: LeaseOf<"audio">, context: StepContext, sent: number): Publisher {
  const outputs = outputsOf(lease.outputs, context);
  const cutter = new StreamCutter();
  const { duration } = lease.plan.source;
  let piece = 0;
  let waiting: LiveSegment[] = [];
  let expected = 0;

  const publish = async () => {
    const { init } = cutter;
    if (!init || waiting.length === 0) return;
    const index = piece++;
    const segments = waiting;
    waiting = [];
    // Pinned by an earlier attempt: the same build makes the same bytes, so they are not sent again.
    if (index < sent) return;
    const object = await send(index, init, segments);
    await context.report({ pieces: [object] });
  };

  const send = async (
    index: number,
    init: NonNullable<StreamCutter["init"]>,
    segments: LiveSegment[],
  ): Promise<MediaObject> => {
    const name = outputName.audioPiece(lease.index, index);
    const put = await outputs.put(
      name,
      Buffer.concat([init.bytes, ...segments.map((segment) => segment.bytes)]),
    );
    let offset = init.bytes.length;
    return {
      ...put,
      rendition: `audio-${lease.index}`,
      index,
      initLength: init.bytes.length,
      initHash: init.facts.hash,
      codecs: init.facts.codecs,
      timescale: init.facts.timescale,
      segments: segments.map(({ bytes, duration: ticks }) => {
        const segment = { offset, length: bytes.length, duration: ticks };
        offset += bytes.length;
        return segment;
      }),
      frames: segments.reduce((sum, segment) => sum + segment.samples, 0),
    };
  };

  const add = async (segment: LiveSegment) => {
    if (segment.decodeTime !== expected) {
      throw new MediaFailure(
        "transcoder.output_invalid",
        `audio tfdt ${segment.decodeTime} instead of ${expected}`,
      );
    }
    expected += segment.duration;
    waiting.push(segment);
    const timescale = cutter.init?.facts.timescale ?? 1;
    const held = waiting.reduce((sum, each) => sum + each.duration, 0) / timescale;
    context.progress(Math.min(0.98, expected / timescale / duration), null);
    if (held >= (piece === 0 ? FIRST_PIECE : lease.plan.audioPieceSeconds)) await publish();
  };

  return {
    take: async (bytes) => {
      for (const segment of cutter.feed(bytes)) await add(segment);
    },
    end: async () => {
      if (cutter.left > 0) throw new MediaFailure("transcoder.output_invalid", "audio ends inside a segment");
      await publish();
    },
    pieces: () => piece,
  };
}
