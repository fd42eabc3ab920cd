/** Captions carried with the frames (ATSC A/53, part 4): from the packets' messages to timed byte pairs. */

/**
 * What carries them, by codec: NAL units or start codes that hold messages, numbered as in FFmpeg's
 * `filter_units`.
 */
const UNITS: Readonly<Record<string, { types: string; header: number } | undefined>> = {
  h264: { types: "6", header: 1 },
  hevc: { types: "39", header: 2 },
  mpeg2video: { types: "178", header: 0 },
};

/** Whether frames of this codec can carry captions that this code reads. */
export const canCarryCaptions = (codec: string): boolean => UNITS[codec] !== undefined;

export const unitTypes = (codec: string): string => UNITS[codec]?.types ?? "";

/** Two bytes of one field, without parity, displayed from `time` on (seconds). */
export type TimedPair = { time: number; field: 1 | 2; first: number; second: number };

/** Both fields of 60 frames a second, for a day. A crafted file can hold several times as many. */
const MAX_PAIRS = 2 * 60 * 86_400;

/**
 * The byte pairs of a stream in display order, empty ones too, up to `max`; none of them is kept. `index` is
 * FFmpeg's `framecrc` of the packets whose concatenated bytes are `data`: it has their times and sizes.
 */
export function* pairsOf(
  codec: string,
  index: string,
  data: Uint8Array,
  max = MAX_PAIRS,
): Generator<TimedPair> {
  const header = UNITS[codec]?.header ?? 0;
  let count = 0;
  // Packets arrive in decoding order.
  for (const { time, from, to } of [...packetsOf(index)].sort((a, b) => a.time - b.time)) {
    if (to > data.length) continue;
    for (const unit of unitsOf(data.subarray(from, to)))
      for (const message of codec === "mpeg2video" ? [unit.subarray(1)] : messagesOf(unit.subarray(header)))
        for (const pair of pairsIn(message, time)) {
          count += 1;
          if (count > max) return;
          yield pair;
        }
  }
}

/** Each packet's time in seconds and its byte range; packets without a time are skipped. */
function* packetsOf(index: string): Generator<{ time: number; from: number; to: number }> {
  let perTick = 0;
  let from = 0;
  for (const line of index.split("\n")) {
    const base = /^#tb 0: (\d+)\/(\d+)$/.exec(line);
    if (base) perTick = Number(base[1]) / Number(base[2]);
    if (line.startsWith("#") || line === "") continue;
    // Stream, dts, pts, duration, size.
    const [, dts, pts, , size] = line.split(",", 6).map(Number);
    const to = from + (size ?? Number.NaN);
    if (!(to >= from)) return;
    // FFmpeg writes the lowest number for "unknown".
    const tick = [pts, dts].find((value) => value !== undefined && Number.isSafeInteger(value));
    if (tick !== undefined) yield { time: tick * perTick, from, to };
    from = to;
  }
}

/** The units between start codes (00 00 01). */
function* unitsOf(packet: Uint8Array): Generator<Uint8Array> {
  let start = -1;
  for (let at = 0; at + 2 < packet.length; at += 1) {
    if (packet[at] !== 0 || packet[at + 1] !== 0 || packet[at + 2] !== 1) continue;
    if (start >= 0) yield packet.subarray(start, at);
    start = at + 3;
    at += 2;
  }
  if (start >= 0) yield packet.subarray(start);
}

/**
 * The payloads of `user_data_registered_itu_t_t35` among the messages of a unit (ITU-T H.264, section
 * 7.3.2.3).
 */
function* messagesOf(unit: Uint8Array): Generator<Uint8Array> {
  const bytes = unescaped(unit);
  for (let at = 0; at + 2 < bytes.length; ) {
    const type = number(bytes, at);
    const size = number(bytes, type.next);
    // Country: United States; provider: ATSC.
    if (type.value === 4) {
      const payload = bytes.subarray(size.next, size.next + size.value);
      if (payload[0] === 0xb5 && payload[1] === 0 && payload[2] === 0x31) yield payload.subarray(3);
    }
    at = size.next + size.value;
  }
}

/** A number coded as bytes of 255 and a last one below 255. */
function number(bytes: Uint8Array, from: number): { value: number; next: number } {
  let at = from;
  let value = 0;
  while (bytes[at] === 255) {
    value += 255;
    at += 1;
  }
  return { value: value + (bytes[at] ?? 0), next: at + 1 };
}

/** Removes the emulation prevention bytes, which keep two zeros from looking like a start code. */
function unescaped(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, at) => byte !== 3 || at < 2 || unit[at - 1] !== 0 || unit[at - 2] !== 0);
}

/** "GA94", then cc_data (A/53, table 6.9). */
const IDENTIFIER = [0x47, 0x41, 0x39, 0x34, 0x03];

function* pairsIn(message: Uint8Array, time: number): Generator<TimedPair> {
  if (IDENTIFIER.some((byte, at) => message[at] !== byte)) return;
  const flags = message[5] ?? 0;
  if ((flags & 0x40) === 0) return;
  const end = Math.min(7 + 3 * (flags & 31), message.length - 2);
  for (let at = 7; at < end; at += 3) {
    const [mark = 0, first = 0, second = 0] = message.subarray(at, at + 3);
    // Valid, and of one of the fields; the other two types are CEA-708's.
    if ((mark & 4) === 0 || (mark & 3) > 1 || !isOdd(first) || !isOdd(second)) continue;
    yield { time, field: (mark & 3) === 0 ? 1 : 2, first: first & 127, second: second & 127 };
  }
}

/** Bytes damaged in transmission have the wrong parity. */
function isOdd(byte: number): boolean {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones % 2 === 1;
}
