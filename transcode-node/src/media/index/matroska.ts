/**
 * A Matroska or WebM file's own index (RFC 9559): the times of its cues, and whether the file reaches its
 * declared end.
 */
import type { ByteRange } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../failure.ts";
import { eventLoopTurns } from "./event-loop-turns.ts";
import type { ReadBytes } from "./facts.ts";

const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
  cluster: 0x1f43b675,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  contentEncodings: 0x6d80,
  contentEncoding: 0x6240,
  contentEncodingType: 0x5033,
  contentEncryption: 0x5035,
} as const;

const MAX_CUES = 64 * 2 ** 20;
/** Bytes before the first cluster that are read. */
const HEAD_BYTES = 4 * 2 ** 20;
/**
 * Elements that are looked at, of the head and of the cues: an empty one has two bytes. 64 tracks need a few thousand.
 */
const MAX_HEAD_ELEMENTS = 200_000;
const MAX_CUE_ELEMENTS = 16_000_000;
/** Nine hours of keyframes, 60 a second. */
const MAX_CUE_POINTS = 2_000_000;
/** An integer has no more bytes. */
const MAX_INTEGER = 8;

type Element = { id: number; start: number; body: number; end: number; unknown: boolean };

/** EBML variable-length integer (RFC 8794, section 4); the marker bit is kept for ids. */
function vint(bytes: Buffer, at: number, keepMarker: boolean): { value: number; length: number } | null {
  const first = bytes[at];
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) return null;
  let value = keepMarker ? first : first & (0xff >> length);
  for (let n = 1; n < length; n++) value = value * 256 + (bytes[at + n] ?? 0);
  return { value, length };
}

/** The element at `at`; its end may be beyond the available bytes. */
function element(bytes: Buffer, at: number): Element | null {
  const id = vint(bytes, at, true);
  const size = id && vint(bytes, at + id.length, false);
  if (!id || !size) return null;
  const body = at + id.length + size.length;
  const unknown = size.value === 2 ** (7 * size.length) - 1;
  return {
    id: id.value,
    start: at,
    body,
    end: unknown ? Number.POSITIVE_INFINITY : body + size.value,
    unknown,
  };
}

class TooMany extends Error {}

/** Counts what is looked at, up to `max`. */
export type Looked = { elements: number; max: number };

/** None reaches beyond `to`: else each of a million could claim the rest of the file, which is read for each. */
function* children(bytes: Buffer, from: number, to: number, looked: Looked): Generator<Element> {
  for (let at = from; at < Math.min(to, bytes.length); ) {
    const child = element(bytes, at);
    if (!child) return;
    if (++looked.elements > looked.max) throw new TooMany(`more than ${looked.max} elements`);
    child.end = Math.min(child.end, to);
    yield child;
    at = child.end;
  }
}

const unsigned = (bytes: Buffer, { body, end }: Element) =>
  bytes.subarray(body, Math.min(end, body + MAX_INTEGER)).reduce((sum, byte) => sum * 256 + byte, 0);

type Head = {
  segment: Element;
  scale: number;
  cuesAt: number | null;
  /** Where the first cluster begins; null where it is behind what was read. */
  clusterAt: number | null;
  /** Positions that the seek heads name. */
  named: number[];
};

/** What precedes the first cluster: the segment's extent, the time unit, and where the cues are. */
function readHead(bytes: Buffer, looked: Looked): Head {
  const ebml = element(bytes, 0);
  const segment = ebml && element(bytes, ebml.end);
  if (!segment || segment.id !== ID.segment) throw new MediaFailure("source.damaged", "no Matroska segment");
  const head: Head = { segment, scale: 1_000_000, cuesAt: null, clusterAt: null, named: [] };
  for (const child of children(bytes, segment.body, segment.end, looked)) {
    if (child.id === ID.cluster) {
      head.clusterAt = child.start;
      break;
    }
    if (child.id === ID.tracks && isLocked(bytes, child, looked))
      throw new MediaFailure("source.encrypted", "a track is encrypted");
    if (child.id === ID.cues) head.cuesAt = child.start;
    if (child.id === ID.info) {
      for (const entry of children(bytes, child.body, child.end, looked)) {
        if (entry.id === ID.timestampScale) head.scale = unsigned(bytes, entry);
      }
    }
    if (child.id === ID.seekHead)
      for (const { id, at } of seeks(bytes, child, segment.body, looked)) {
        if (id === ID.cues) head.cuesAt ??= at;
        head.named.push(at);
      }
  }
  return head;
}

const ENCRYPTION = 1;

/** Whether a track's frames are encrypted (RFC 9559, section 5.1.4.1.31). */
function isLocked(bytes: Buffer, tracks: Element, looked: Looked): boolean {
  const within = (parent: Element, id: number) =>
    [...children(bytes, parent.body, parent.end, looked)].filter((child) => child.id === id);
  return within(tracks, ID.trackEntry)
    .flatMap((entry) => within(entry, ID.contentEncodings))
    .flatMap((encodings) => within(encodings, ID.contentEncoding))
    .some(
      (encoding) =>
        within(encoding, ID.contentEncryption).length > 0 ||
        within(encoding, ID.contentEncodingType).some((type) => unsigned(bytes, type) === ENCRYPTION),
    );
}

/** Elements according to a seek head, with their absolute positions. */
function* seeks(
  bytes: Buffer,
  seekHead: Element,
  base: number,
  looked: Looked,
): Generator<{ id: number; at: number }> {
  for (const seek of children(bytes, seekHead.body, seekHead.end, looked)) {
    if (seek.id !== ID.seek) continue;
    const fields = [...children(bytes, seek.body, seek.end, looked)];
    const name = fields.find((field) => field.id === ID.seekId);
    const position = fields.find((field) => field.id === ID.seekPosition);
    if (name && position) yield { id: unsigned(bytes, name), at: base + unsigned(bytes, position) };
  }
}

/** `cues`: times in seconds, rising; null where the file has none (a live recording). */
export type MatroskaIndex = {
  cues: number[] | null;
  /** Where the cues lead; null where they do not say it, or are of several tracks. */
  places: CuePlaces | null;
  /**
   * Set where the segment declares more bytes than the file has; only its frames show how much of the media
   * exists.
   */
  over: string | null;
};

/** The clusters that the cues name, and what is read to open the file. */
export type CuePlaces = {
  /** Rising; `at`: the cluster's first byte. */
  cues: { time: number; at: number }[];
  opening: ByteRange[];
  /** The first byte behind the clusters: elements that the seek head names may follow, up to the end. */
  end: number;
  size: number;
};

/**
 * Throws `source.damaged` where there is no segment, `source.encrypted`, and an Error where the head has more elements than are
 * looked at.
 */
export async function matroskaIndex(
  read: ReadBytes,
  size: number,
  looked = {
    head: { elements: 0, max: MAX_HEAD_ELEMENTS },
    cues: { elements: 0, max: MAX_CUE_ELEMENTS },
  },
): Promise<MatroskaIndex> {
  const head = readHead(await read(0, HEAD_BYTES - 1), looked.head);
  const { unknown, end } = head.segment;
  const over = !unknown && end > size ? `segment ends at ${end} in a file of ${size}` : null;
  const cues = await cuesOf(head, read, size, looked.cues).catch((error: unknown) => {
    // As without cues: FFmpeg finds the keyframes.
    if (error instanceof TooMany) return [];
    throw error;
  });
  const times = cues.map(({ time }) => time);
  return { over, cues: times.length > 0 ? times : null, places: placesOf(head, cues, size) };
}

type Cue = {
  /** Seconds. */
  time: number;
  /** The cluster's first byte; null where the cue does not say it. */
  at: number | null;
  track: number | null;
};

/** Cues by their time; none where the file has none. Throws TooMany. */
async function cuesOf(head: Head, read: ReadBytes, size: number, looked: Looked): Promise<Cue[]> {
  if (head.cuesAt === null || head.cuesAt >= size) return [];
  const place = element(await read(head.cuesAt, head.cuesAt + 15), 0);
  if (!place || place.id !== ID.cues || place.unknown || place.end - place.body > MAX_CUES) return [];
  const bytes = await read(head.cuesAt + place.body, head.cuesAt + place.end - 1);
  // One after the other: a malicious index can hold millions of empty elements.
  const cues: Cue[] = [];
  const turns = eventLoopTurns();
  for (const point of children(bytes, 0, bytes.length, looked)) {
    if (turns.isDue(looked.elements)) await turns.take();
    if (point.id !== ID.cuePoint) continue;
    let time: number | null = null;
    let [at, track]: (number | null)[] = [null, null];
    for (const field of children(bytes, point.body, point.end, looked)) {
      if (turns.isDue(looked.elements)) await turns.take();
      if (field.id === ID.cueTime) time = (unsigned(bytes, field) * head.scale) / 1e9;
      if (field.id !== ID.cueTrackPositions) continue;
      for (const position of children(bytes, field.body, field.end, looked)) {
        if (turns.isDue(looked.elements)) await turns.take();
        if (position.id === ID.cueClusterPosition) at = head.segment.body + unsigned(bytes, position);
        if (position.id === ID.cueTrack) track = unsigned(bytes, position);
      }
    }
    if (time !== null) cues.push({ time, at: at ?? null, track: track ?? null });
    if (cues.length > MAX_CUE_POINTS) throw new TooMany(`more than ${MAX_CUE_POINTS} cues`);
  }
  return cues.sort((a, b) => a.time - b.time);
}

/** FFmpeg reads frames of up to 5 MB until it knows every stream; a cluster may lie across that end. */
const PROBED_BYTES = 6_000_000;

function placesOf(head: Head, cues: readonly Cue[], size: number): CuePlaces | null {
  const { clusterAt, named } = head;
  const tracks = new Set(cues.map(({ track }) => track));
  const placed = cues.flatMap(({ time, at }) => (at === null ? [] : [{ time, at }]));
  if (clusterAt === null || placed.length === 0 || placed.length < cues.length || tracks.size > 1)
    return null;
  const lastCluster = placed.reduce((last, { at }) => Math.max(last, at), 0);
  // What is named behind the last cluster (cues, tags) is read when the file is opened.
  const end = named.reduce((first, at) => (at > lastCluster ? Math.min(first, at) : first), size);
  const opening = [
    { from: 0, to: clusterAt + PROBED_BYTES },
    { from: end, to: size - 1 },
  ];
  // Something else is named between the clusters: the file is not laid out as ours are read.
  if (named.some((at) => at > clusterAt && at < end)) return null;
  return { cues: placed, opening, end, size };
}
