/**
 * Further checks of a copied chunk: for an encoded one the encoder guarantees what the author of a copied one
 * only declares.
 */
import { find } from "./boxes.ts";
import type { CutFile } from "./fragments.ts";
import { openMade, readAt } from "./made-file.ts";
import { parameterUnits } from "./parameter-sets.ts";

/** NAL unit types (ITU-T H.264, table 7-1). */
const SLICE = 1;
const KEY_SLICE = 5;
const PARAMETERS = new Set([7, 8]);
/** Delimiter, end of sequence and of stream, filler. */
const HARMLESS = new Set([9, 10, 11, 12]);
/** Our muxer writes four bytes of length before each unit. */
const LENGTH = 4;

/** FFmpeg's decoder reporting an error in the source's frames, not an encoder with a similar name. */
const COMPLAINT = /\[(?:vist#[\d:]+\/|dec:)?h264 @ [^\n]*/;

/**
 * Why a copied chunk (`cut` of the file at `path`) must not be served, or null. `stderr` is from the run that
 * also decoded the span: viewers' decoders may stop where FFmpeg's conceals the damage.
 */
export async function copyFault(path: string, cut: CutFile, stderr: string): Promise<string | null> {
  const complaint = COMPLAINT.exec(stderr)?.[0];
  if (complaint) return `it does not decode cleanly: ${complaint}`;
  await using file = await openMade(path);
  const init = await readAt(file, 0, cut.init.length);
  const known = new Set(parameterUnits(init).map((unit) => unit.toString("hex")));
  for (const [n, { offset, length }] of cut.segments.entries()) {
    const fault = segmentFault(await readAt(file, offset, length), known);
    if (fault) return `segment ${n}: ${fault}`;
  }
  return null;
}

/** What is wrong with a segment's units; a segment must begin with a frame that needs none before it. */
function segmentFault(bytes: Buffer, known: Set<string>): string | null {
  const mdat = find(bytes, "mdat");
  if (!mdat) return "no frames";
  let isEntered = false;
  for (let at = mdat.body; at + LENGTH < mdat.end; ) {
    const begin = at + LENGTH;
    const end = begin + bytes.readUInt32BE(at);
    if (end > mdat.end) return "a unit runs over the segment's end";
    const type = (bytes[begin] ?? 0) & 0x1f;
    if (type === KEY_SLICE) isEntered = true;
    else if (type === SLICE ? !isEntered : !HARMLESS.has(type) && !PARAMETERS.has(type))
      return isEntered ? `a unit of type ${type}` : "it does not begin with an IDR picture";
    // Parameter sets that differ from the init segment's would apply to what follows, wherever a viewer
    // started.
    if (PARAMETERS.has(type) && !known.has(bytes.toString("hex", begin, end)))
      return "it changes its parameters";
    at = end;
  }
  return isEntered ? null : "it does not begin with an IDR picture";
}
