/**
 * Languages of closed captions, where a source declares them: in a transport stream's program map, or in the
 * tags of the video track.
 */
import { languageTag } from "@storagex/contract/media/language";
import type { ReadBytes } from "../index/facts.ts";
import type { ProbedStream } from "../source/probe.ts";
import { languageOf } from "../source/stream-tags.ts";
import type { ChannelName } from "./cea608.ts";
import { canCarryCaptions } from "./user-data.ts";

export type CaptionLanguages = Partial<Record<ChannelName, string>>;

/** Bytes of a transport stream within which its program map is repeated several times. */
const HEAD = 512 * 1024;
const PACKET = 188;
const SYNC = 0x47;
/** ISO/IEC 13818-1, table 2-31. */
const MAP_TABLE = 0x02;
/** caption_service_descriptor (ATSC A/65, section 6.9.2), and the bytes of each of its services. */
const CAPTION_SERVICE = 0x86;
const SERVICE = 6;

/**
 * The languages that `container`'s file declares for the captions in the frames of `stream`; empty where its
 * codec carries none.
 */
export async function captionLanguagesOf(
  container: string,
  stream: ProbedStream,
  read: ReadBytes,
): Promise<CaptionLanguages> {
  if (!canCarryCaptions(stream.codec_name ?? "")) return {};
  const own = languageOf(stream);
  const declared = container === "mpegts" ? servicesIn(await read(0, HEAD - 1), Number(stream.id)) : {};
  return { ...(own === null ? {} : { CC1: own }), ...declared };
}

/** Languages that the program map of the stream with `pid` declares, in a transport stream's first bytes. */
export function servicesIn(bytes: Buffer, pid: number): CaptionLanguages {
  for (const section of sectionsOf(bytes)) {
    const found = section[0] === MAP_TABLE ? servicesOf(section, pid) : null;
    if (found) return found;
  }
  return {};
}

/**
 * Sections that begin and end in one packet, which program maps nearly always do (ISO/IEC 13818-1, section
 * 2.4.4).
 */
function* sectionsOf(bytes: Buffer): Generator<Buffer> {
  let at = bytes.indexOf(SYNC);
  for (; at >= 0 && at + PACKET <= bytes.length; ) {
    if (bytes[at] !== SYNC) {
      at = bytes.indexOf(SYNC, at + 1);
      continue;
    }
    const packet = bytes.subarray(at, at + PACKET);
    at += PACKET;
    const [begins, adaptation] = [((packet[1] ?? 0) & 0x40) !== 0, ((packet[3] ?? 0) & 0x20) !== 0];
    if (!begins) continue;
    const payload = packet.subarray(4 + (adaptation ? 1 + (packet[4] ?? 0) : 0));
    const section = payload.subarray(1 + (payload[0] ?? 0));
    if (section.length < 3) continue;
    const length = 3 + (section.readUInt16BE(1) & 0xfff);
    if (length <= section.length) yield section.subarray(0, length);
  }
}

/**
 * Languages in a program map that lists `pid`, of the program or of that stream; null where it does not list
 * it.
 */
function servicesOf(section: Buffer, pid: number): CaptionLanguages | null {
  if (section.length < 16) return null;
  const ofProgramme = 12 + (section.readUInt16BE(10) & 0xfff);
  const found = services(section.subarray(12, ofProgramme));
  let isListed = false;
  for (let at = ofProgramme; at + 5 <= section.length - 4; ) {
    const end = at + 5 + (section.readUInt16BE(at + 3) & 0xfff);
    if ((section.readUInt16BE(at + 1) & 0x1fff) === pid) {
      isListed = true;
      Object.assign(found, services(section.subarray(at + 5, end)));
    }
    at = end;
  }
  return isListed ? found : null;
}

function services(descriptors: Buffer): CaptionLanguages {
  const found: CaptionLanguages = {};
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    const body = descriptors.subarray(at + 2, at + 2 + (descriptors[at + 1] ?? 0));
    if (descriptors[at] !== CAPTION_SERVICE) continue;
    for (let of = 1; of + SERVICE <= body.length; of += SERVICE) {
      const language = languageTag(body.toString("latin1", of, of + 3).toLowerCase());
      const channel = channelOf(body[of + 3] ?? 0);
      // A line 21 service decides for its channel; a digital one (CEA-708) mostly repeats the same captions.
      if (language && channel && !(channel.isDigital && found[channel.name])) found[channel.name] = language;
    }
  }
  return found;
}

/**
 * digital_cc, then line21_field or caption_service_number: the first two services are also sent in the two
 * fields of line 21.
 */
function channelOf(flags: number): { name: ChannelName; isDigital: boolean } | null {
  if ((flags & 0x80) === 0) return { name: (flags & 1) === 0 ? "CC1" : "CC3", isDigital: false };
  const number = flags & 0x3f;
  const name = number === 1 ? "CC1" : number === 2 ? "CC3" : null;
  return name && { name, isDigital: true };
}
