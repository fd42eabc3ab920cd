/** Programmes of a transport stream: a multiplex carries several channels, and each has frames and audio of its own. */
import type { Probed, ProbedStream } from "./probe.ts";

/**
 * The indexes of streams that belong to other programmes than `picture` alone. None where the file names no programme for it;
 * a stream that no programme names may be anybody's.
 */
export function ofOtherProgrammes({ programs = [] }: Probed, picture: ProbedStream): ReadonlySet<number> {
  const indexes = programs.map(({ streams }) => streams.map(({ index }) => index));
  const own = new Set(indexes.filter((programme) => programme.includes(picture.index)).flat());
  return new Set(own.size === 0 ? [] : indexes.flat().filter((index) => !own.has(index)));
}
