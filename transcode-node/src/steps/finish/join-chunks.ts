/**
 * A rendition's chunks as one file: read directly from their objects or, where encoders made different init
 * segments, joined in the scratch folder.
 */
import { join } from "node:path";
import type { MediaGrant } from "@storagex/contract/tasks/grants";
import { MediaFailure } from "../../media/failure.ts";
import { StreamCutter } from "../../media/output/fragments.ts";
import { createBeside } from "../../media/output/made-file.ts";
import { parameterSetsOf, withParameterSets } from "../../media/output/parameter-sets.ts";
import { type Renewable, readRange, streamRange } from "../../transfer/object-read.ts";
import type { ObjectSpan, Transfer } from "../../transfer/source-proxy.ts";
import type { StepTools } from "../step-tools.ts";

export type Joined = { transfer: Transfer; inBand: boolean };

/** Concatenates objects to one file: the first with its init segment, the others without. */
export const spans = (grants: readonly MediaGrant[], sources: readonly Renewable[]): ObjectSpan[] =>
  grants.map((grant, n) => {
    const source = sources[n];
    if (!source) throw new MediaFailure("transcoder.output_invalid", `finish has no input ${n}`);
    return { source, skip: n === 0 ? 0 : grant.initLength };
  });

/**
 * The chunks that `grants` name, as the file `name`. `inBand`: the segments carry their parameter sets, and
 * the file must be tagged accordingly.
 */
export async function joinChunks(
  name: string,
  grants: readonly MediaGrant[],
  sources: readonly Renewable[],
  { proxy, context }: StepTools,
): Promise<Joined> {
  const parts = spans(grants, sources);
  if (await isOfOneKind(grants, parts, context.signal))
    return { transfer: proxy.objects(name, parts), inBand: false };
  context.log.info(
    { name, chunks: parts.length },
    "chunks of several encoders, joined with their parameter sets",
  );
  const path = join(context.scratch, `joined-${name}.mp4`);
  await using file = await createBeside(path);
  for (const [n, { source }] of parts.entries()) {
    for await (const bytes of inBandOf(source, n === 0, context.signal)) await file.write(bytes);
  }
  return { transfer: await proxy.file(name, path), inBand: true };
}

/**
 * Whether one init segment decodes all chunks: builds of FFmpeg write different boxes around the same
 * parameter sets.
 */
async function isOfOneKind(
  grants: readonly MediaGrant[],
  parts: readonly ObjectSpan[],
  signal: AbortSignal,
): Promise<boolean> {
  const kinds = new Map(
    grants.map(({ initHash, initLength }, n) => [initHash, { initLength, part: parts[n] }]),
  );
  if (kinds.size <= 1) return true;
  const sets = new Set<string>();
  for (const { initLength, part } of kinds.values()) {
    if (part)
      sets.add(parameterSetsOf(await readRange(part.source, 0, initLength - 1, signal)).toString("latin1"));
  }
  return sets.size === 1;
}

/** An object's segments with their parameter sets, after its init segment where it is the `first`. */
async function* inBandOf(source: Renewable, first: boolean, signal: AbortSignal): AsyncGenerator<Buffer> {
  const cutter = new StreamCutter();
  let sets: Buffer | null = null;
  for await (const bytes of streamRange(source, 0, source.current().size - 1, signal)) {
    const segments = cutter.feed(bytes);
    if (cutter.init && !sets) {
      sets = parameterSetsOf(cutter.init.bytes);
      if (first) yield cutter.init.bytes;
    }
    for (const segment of segments) if (sets) yield withParameterSets(segment.bytes, sets);
  }
  if (!sets || cutter.left > 0) throw new MediaFailure("transcoder.output_invalid", "a chunk is not whole");
}
