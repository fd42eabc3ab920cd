/** Parses one byte range of a Range header (RFC 9110, section 14.1.2). */

/**
 * The range of a body of `size` bytes; all of it without a header. Both ends are inclusive; undefined where
 * it cannot be satisfied.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { from: number; to: number } | undefined {
  if (header === undefined) return { from: 0, to: size - 1 };
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const from = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const to = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return from < size && from <= to ? { from, to } : undefined;
}
