/** Magic bytes: what a demuxer may read, and what is refused before. */
import { expect, test } from "vitest";
import { containerOf, isBareStream } from "./file-signature.ts";

const padded = (head: Buffer) => Buffer.concat([head, Buffer.alloc(2000)]);
const hex = (text: string) => padded(Buffer.from(text, "hex"));
const text = (words: string) => padded(Buffer.from(words, "latin1"));
const packets = (size: number, lead: number, shift = 0, count = 6) => {
  const bytes = Buffer.alloc(shift + size * count);
  for (let n = 0; n < count; n++) bytes[shift + n * size + lead] = 0x47;
  return bytes;
};

test.each([
  ["mp4", text("\0\0\0\x20ftypisom"), "mov"],
  ["QuickTime without ftyp, moov first", text("\0\0\x10\0moov\0\0\0\x6cmvhd"), "mov"],
  ["QuickTime, wide then mdat", text("\0\0\0\x08wide\0\0\0\0mdat"), "mov"],
  ["mdat of 64-bit size", text("\0\0\0\x01mdat\0\0\0\0\0\0\0\xff"), "mov"],
  ["Matroska", hex("1a45dfa3a3428681"), "matroska"],
  ["MPEG-TS", packets(188, 0), "mpegts"],
  ["MPEG-TS from the middle of a packet", packets(188, 0, 77), "mpegts"],
  ["M2TS", packets(192, 4), "mpegts"],
  ["MPEG-TS behind kilobytes of junk", packets(188, 0, 5000, 30), "mpegts"],
  ["AVI", text("RIFF\0\0\0\0AVI LIST"), "avi"],
  ["FLV", text("FLV\x01\x05\0\0\0\x09"), "flv"],
  ["Ogg", text("OggS\0\x02\0\0\0\0\0\0"), "ogg"],
  ["ASF", hex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"],
  ["MPEG-PS", hex("000001ba44000400"), "mpeg"],
])("%s", (_, bytes, container) => {
  expect(containerOf(bytes)).toBe(container);
});

test.each([
  ["MPEG-2", "000001b314000f13ffffe018", true],
  ["H.264", "0000000167640016acd94028", true],
  ["H.264 behind a delimiter", "0000000109f0000000016764", true],
  ["H.264 with a short start code", "000001274d401fec", true],
  ["HEVC", "0000000140010c01ffff0160", true],
  ["MPEG-4 Visual", "000001b001000001b5891300", true],
  ["a program stream", "000001ba4400040004010001", false],
  ["zeros", "000000000000000000000000", false],
  ["MP4", "00000018667479706d703432", false],
])("%s as a bare stream", (_, bytes, isBare) => {
  expect(isBareStream(hex(bytes.padEnd(40, "0")))).toBe(isBare);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["eleven bytes", Buffer.from("\0\0\0\x20ftypiso")],
  ["zeros", Buffer.alloc(4096)],
  ["a few sync bytes far into a file", packets(188, 0, 5000)],
  ["an HLS playlist", text("#EXTM3U\n#EXT-X-VERSION:3\n")],
  ["a DASH manifest", text('<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">')],
  ["an ffconcat script", text("ffconcat version 1.0\nfile http://x/")],
  ["an SDP", text("v=0\no=- 0 0 IN IP4 127.0.0.1\n")],
  ["HTML", text("<!doctype html><html>")],
  ["JPEG", hex("ffd8ffe000104a464946")],
  ["PNG", hex("89504e470d0a1a0a0000000d49484452")],
  ["GIF", text("GIF89a\x01\0\x01\0")],
  ["WAV", text("RIFF\0\0\0\0WAVEfmt ")],
  ["ZIP", hex("504b0304140000000800")],
  ["ftyp of an impossible size", text("\0\0\0\x03ftypisom")],
])("%s is no video", (_, bytes) => {
  expect(containerOf(bytes)).toBeNull();
});
