/** Reads what plays first out of the playlists that came with the page, and fetches it beside the player. */
import type { FirstList } from "../../visitor.d.ts";

/** The first bytes of one object: the initialisation and the first segment, in one request. */
export type Head = { url: string; end: number };

/**
 * The beginning of a playlist of ours: its map and the first segment, where they lie side by side in one object
 * (RFC 8216, 4.3.2.5 and 4.3.2.2). Undefined for any other.
 */
export function headOf(text: string): Head | undefined {
  const map = /^#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@0"$/m.exec(text);
  const segment = /^#EXT-X-BYTERANGE:(\d+)@(\d+)\n(.+)$/m.exec(text);
  if (!map || !segment || map[1] !== segment[3] || map[2] !== segment[2]) return undefined;
  return { url: map[1] ?? "", end: Number(segment[2]) + Number(segment[1]) };
}

/** When bytes were asked for, began and were there (milliseconds of `performance.now`). */
export type Timing = { start: number; first: number; end: number };
export type Fetched = { bytes: ArrayBuffer; timing: Timing };

/** The heads of the lists, being fetched; by object. A failed one is fetched again by the player itself. */
export function fetchHeads(
  lists: readonly FirstList[],
): Map<string, { end: number; fetched: Promise<Fetched> }> {
  const heads = lists.flatMap(({ text }) => headOf(text) ?? []);
  return new Map(heads.map((head) => [head.url, { end: head.end, fetched: fetchHead(head) }]));
}

async function fetchHead({ url, end }: Head): Promise<Fetched> {
  const start = performance.now();
  const answer = await fetch(url, { headers: { range: `bytes=0-${end - 1}` }, priority: "high" });
  const first = performance.now();
  if (answer.status !== 206) throw new Error(`the object store answered ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  return { bytes, timing: { start, first, end: performance.now() } };
}
