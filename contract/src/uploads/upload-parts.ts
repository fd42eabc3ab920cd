/** How a source is uploaded in parts. Sizes in bytes; no schema, so that pages can use it without zod. */

const MIB = 1024 * 1024;
/** Max part URLs in one response. */
export const PARTS_PER_ANSWER = 20;

/**
 * The part size of a new ticket: max(16 MiB, size / 9,000 rounded up to a MiB). A ticket keeps its part size;
 * a client that resumes the upload reads it from there.
 */
export function partSizeFor(size: number): number {
  return Math.max(16 * MIB, Math.ceil(size / 9_000 / MIB) * MIB);
}
/** Max parts of a source whose parts are objects; smaller parts can be used earlier. */
const MAX_PART_OBJECTS = 1_000;

/**
 * The part size of a new ticket whose parts are objects: max(8 MiB, size / 1,000 rounded up to a MiB). An
 * object is put together from parts of at least 5 MiB, the last excepted (S3).
 */
export function partObjectSizeFor(size: number): number {
  return Math.max(8 * MIB, Math.ceil(size / MAX_PART_OBJECTS / MIB) * MIB);
}
/**
 * A source of `size` bytes in parts of `partSize`: all have the same size except the last (R2 requires that).
 */
export type PartLayout = { size: number; partSize: number };
export const partCountOf = ({ size, partSize }: PartLayout) => Math.ceil(size / partSize);
/** Exact bytes of part `number` (1-based). */
export function partLength({ size, partSize }: PartLayout, number: number): number {
  return Math.min(partSize, size - (number - 1) * partSize);
}
