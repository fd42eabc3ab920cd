/**
 * Programs of a transport stream: a multiplex carries several channels, each with its own video and audio.
 */
import type { Probed, ProbedStream } from "./probe.ts";

/**
 * The indexes of streams that belong only to other programs than `video`. Empty where the file lists no
 * programme for it; a stream that no programme lists may belong to any.
 */
export function ofOtherProgrammes({ programs = [] }: Probed, video: ProbedStream): ReadonlySet<number> {
  const indexes = programs.map(({ streams }) => streams.map(({ index }) => index));
  const own = new Set(indexes.filter((programme) => programme.includes(video.index)).flat());
  return new Set(own.size === 0 ? [] : indexes.flat().filter((index) => !own.has(index)));
}
