/** Encrypted files of each container that FFmpeg would decode as noise, and clear ones that look similar. */
import type { Container } from "@storagex/contract/formats/containers";
import { describe, expect, test } from "vitest";
import { assertClear, scrambling } from "./assert-clear.ts";

const reading = (bytes: Buffer) => async (from: number, to: number) => bytes.subarray(from, to + 1);
const locked = { code: "source.encrypted" };

/** An ASF header of one object. */
function asf(guid: string): Buffer {
  const bytes = Buffer.alloc(30 + 40);
  bytes.write("3026b2758e66cf11a6d900aa0062ce6c", 0, "hex");
  bytes.writeBigUInt64LE(BigInt(bytes.length), 16);
  bytes.writeUInt32LE(1, 24);
  bytes.write(guid, 30, "hex");
  bytes.writeBigUInt64LE(40n, 46);
  return bytes;
}

function flv(filter: number): Buffer {
  const tag = Buffer.alloc(11 + 100 + 4);
  tag[0] = filter | 9;
  tag.writeUIntBE(100, 1, 3);
  return Buffer.concat([Buffer.from("464c5601050000000900000000", "hex"), tag, tag, tag]);
}

const pes = (flags: number) => Buffer.from([0, 0, 1, 0xe0, 0, 4, flags, 0, 0, 0x55]);
const packs = (...flags: number[]) =>
  Buffer.concat([Buffer.from("000001ba44000400", "hex"), ...flags.map(pes)]);

describe("in the file's head", () => {
  test.each<[string, Container, Buffer]>([
    ["ASF, content encryption", "asf", asf("fbb3112223bdd211b4b700a0c955fc6e")],
    ["ASF, extended content encryption", "asf", asf("14e68a292226174cb935dae07ee9289c")],
    ["FLV", "flv", flv(0x20)],
    ["a DVD's program stream, half of it", "mpeg", packs(0x80, 0x90, 0x80, 0xb0)],
    ["MXF", "mxf", Buffer.from(`${"00".repeat(900)}060e2b34020401070d010301027e0100`, "hex")],
  ])("%s is locked", async (_, container, bytes) => {
    await expect(assertClear(container, reading(bytes))).rejects.toMatchObject(locked);
  });

  test.each<[string, Container, Buffer]>([
    ["ASF, file properties", "asf", asf("a1dcab8c47a9cf118ee400c00c205365")],
    ["FLV", "flv", flv(0)],
    ["program stream", "mpeg", packs(0x80, 0x81, 0x80)],
    ["MPEG-1 program stream", "mpeg", packs(0x31, 0x31)],
    ["MXF", "mxf", Buffer.alloc(5000)],
    ["an empty file", "asf", Buffer.alloc(0)],
  ])("%s is clear", async (_, container, bytes) => {
    await expect(assertClear(container, reading(bytes))).resolves.toBeUndefined();
  });
});

describe("a transport stream", () => {
  const packets = (flags: number, pid = 0x100, size = 188) =>
    Buffer.concat(
      Array.from({ length: 400 }, () => {
        const packet = Buffer.alloc(size);
        packet.set([0x47, pid >> 8, pid & 0xff, flags], size - 188);
        return packet;
      }),
    );
  const found = (bytes: Buffer, pid: number | null = 0x100) => scrambling(reading(bytes), bytes.length, pid);

  test("whose video is scrambled is locked, behind time codes too", async () => {
    expect(await found(packets(0x90))).toMatchObject(locked);
    expect(await found(packets(0xd0, 0x100, 192))).toMatchObject(locked);
    expect(await found(Buffer.concat([packets(0x90), packets(0x10, 0)]), null)).toMatchObject(locked);
  });

  test("is clear where another programme is scrambled, or only a short stretch", async () => {
    expect(await found(Buffer.concat([packets(0x10), packets(0x90, 0x200)]))).toBeNull();
    const short = Buffer.concat([packets(0x90).subarray(0, 188 * 40), packets(0x10), packets(0x10)]);
    expect(await found(short)).toBeNull();
    expect(await found(packets(0xa0)), "no payload").toBeNull();
  });
});
