/** Looks at a file for the plan: magic bytes, its own index, the probe, and what of it all is acceptable. */
import type { SourceFacts } from "@storagex/contract/task";
import { accept } from "../media/accept.ts";
import { formFault } from "../media/copy-fit.ts";
import { MediaFailure } from "../media/failure.ts";
import type { ReadBytes, SourceIndex } from "../media/index-facts.ts";
import { containerOf, MAGIC_BYTES } from "../media/magic.ts";
import { type ProbeTools, probe } from "../media/probe.ts";
import { readIndex } from "../media/source-index.ts";
import { pictureCount } from "../media/sparse.ts";

/** `unlike` says why the picture's form is none of ours; null where it could be a rendition as it is. */
export type Looked = { facts: SourceFacts; index: SourceIndex; unlike: string | null };
/** A file behind the proxy, and direct reads of it. */
export type File = { url: string; size: number; read: ReadBytes };

/** Facts and index of a file. Throws a `MediaFailure` with the reason for what cannot become a video. */
export async function look(file: File, given: ProbeTools): Promise<Looked> {
  const container = containerOf(await file.read(0, MAGIC_BYTES - 1));
  if (!container) throw new MediaFailure("source.not_video", "unknown magic bytes");
  const indexed = await sensible(readIndex(container, file.size, file.read), given.signal);
  // Two containers in one file: the demuxer of its beginning is the one whose rules hold for the rest.
  const tools = { ...given, demuxer: container };
  const probed = await probe(tools, file.url);
  const index = await indexed(probed, tools, file.url);
  const pictures = await pictureCount({ ...index, size: file.size }, { probed, tools, url: file.url });
  const facts = accept(probed, { container, duration: index.duration, pictures });
  return { facts, index, unlike: formFault(probed, facts) };
}

/** A table that our reader trips over is the file's fault, not a crash. */
async function sensible<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof MediaFailure
      ? error
      : new MediaFailure("source.damaged", "index unreadable", { cause: error });
  }
}
