/** The audio step: one track on one timeline, cut into pieces at segment borders and published while FFmpeg still writes. */
import { outputName } from "@storagex/contract/keys";
import type { MediaObject, TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import { audioArgs, silenceArgs } from "../media/args.ts";
import { runTool, type ToolRun } from "../media/ffmpeg.ts";
import { type LiveSegment, StreamCutter } from "../media/fragments.ts";
import { lightLimits } from "../media/limits.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy } from "../transfer/source-proxy.ts";
import { assertRan } from "./outcome.ts";
import { MediaFailure, type StepContext } from "./step.ts";

/** Seconds: the first piece is short, so that the first picture never waits for its sound. */
const FIRST_PIECE = 4;
const MAX_FILE = 4 * 2 ** 30;

type Publisher = {
  take(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
  pieces(): number;
};

/** Encodes track `lease.index`, piece by piece; starts publishing after the pieces that an earlier attempt has pinned. */
export async function audio(lease: LeaseOf<"audio">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const track = lease.plan.source.audio[lease.index];
  if (!track)
    throw new MediaFailure("transcoder.output_invalid", `the plan has no audio track ${lease.index}`);
  await using proxy = await openSourceProxy(context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const publisher = publishing(lease, context);
  const runInto = (args: string[]): Promise<ToolRun> =>
    runTool({
      tool: context.tools.ffmpeg,
      args,
      limits: lightLimits(lease.hardLimitSeconds, MAX_FILE),
      signal: context.signal,
      stdout: (bytes) => publisher.take(bytes),
    });

  let run = await runInto(audioArgs({ url: source.url, source: lease.plan.source, stream: track.stream }));
  context.log.info({ track: lease.index, command: run.command, cpu: run.cpuSeconds }, "audio encoded");
  if (run.code !== 0 && publisher.pieces() === 0 && !source.failure && !run.timedOut) {
    context.log.warn(
      { track: lease.index, stderr: run.stderr },
      "the track cannot be decoded: silence instead",
    );
  } else {
    assertRan(run, source);
    await publisher.end();
  }
  if (publisher.pieces() === 0) {
    run = await runInto(silenceArgs(lease.plan.source.duration));
    assertRan(run, null);
    await publisher.end();
  }
  context.progress(1, null);
  const wallSeconds = (performance.now() - began) / 1000;
  return { kind: "audio", pieces: publisher.pieces(), cpuSeconds: run.cpuSeconds, wallSeconds };
}

/** Collects segments into pieces, uploads and reports each; FFmpeg waits at its pipe meanwhile. */
function publishing(lease: LeaseOf<"audio">, context: StepContext): Publisher {
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
    if (index < lease.pinned.pieces) return;
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
