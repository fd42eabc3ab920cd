/**
 * One track's audio pieces: cut from FFmpeg's pipe, checked, uploaded and reported while FFmpeg still writes.
 */

import { outputName } from "@storagex/contract/keys";
import { audioRendition } from "@storagex/contract/media/audio-tracks";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { MediaFailure } from "../../media/failure.ts";
import { type LiveSegment, StreamCutter } from "../../media/output/fragments.ts";
import { outputsOf } from "../../transfer/outputs.ts";
import type { StepContext } from "../step.ts";

/** Seconds: the first piece is short, so that the first frame never waits for its audio. */
const FIRST_PIECE = 4;

export type Publisher = {
  /**
   * Takes further bytes of the fragmented MP4. Throws `transcoder.output_invalid` where a segment does not
   * start at the end of the previous one.
   */
  take(bytes: Buffer): Promise<void>;
  /** Publishes the rest. Throws `transcoder.output_invalid` where the stream ends inside a segment. */
  end(): Promise<void>;
  /** Drops an incomplete segment: another stream continues at `samples()`. */
  cut(): void;
  pieces(): number;
  /** Where the next segment must begin, in ticks of the track (samples). */
  samples(): number;
};

/**
 * Collects segments into pieces, and uploads and reports each one after the first `sent`; FFmpeg waits at its
 * pipe meanwhile.
 */
export function publishing(lease: LeaseOf<"audio">, context: StepContext, sent: number): Publisher {
  const outputs = outputsOf(lease.outputs, context);
  let cutter = new StreamCutter();
  const { duration } = lease.plan.source;
  let piece = 0;
  let waiting: LiveSegment[] = [];
  let expected = 0;
  /**
   * The init segment of the waiting segments: a stream that continues another one has its own, with the same
   * content.
   */
  let init: StreamCutter["init"] = null;

  const publish = async () => {
    if (!init || waiting.length === 0) return;
    const index = piece++;
    const segments = waiting;
    waiting = [];
    // Recorded by an earlier attempt: the same build makes the same bytes, so they are not sent again.
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
      rendition: audioRendition(lease.index),
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
    init ??= cutter.init;
    const timescale = init?.facts.timescale ?? 1;
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
    cut: () => {
      cutter = new StreamCutter();
    },
    pieces: () => piece,
    samples: () => expected,
  };
}
