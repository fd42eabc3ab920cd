/**
 * Refuses an encrypted file before it is decoded: FFmpeg makes noise of ciphertext, or reports a wrong
 * reason.
 */
import type { Container } from "@storagex/contract/formats/containers";
import { MediaFailure } from "../../failure.ts";
import type { ReadBytes } from "../../index/facts.ts";
import { isLockedAsf } from "./asf.ts";
import { isLockedFlv } from "./flv.ts";
import { isLockedProgramStream, scrambledPackets } from "./mpeg.ts";

const HEAD = 256 * 1024;

/** Keys of an encrypted essence element and of the cryptographic framework (SMPTE ST 429-6). */
const MXF_MARKS = ["060e2b34020401070d010301027e0100", "060e2b34025301010d01040102010000"].map((hex) =>
  Buffer.from(hex, "hex"),
);

const IN_HEAD: Partial<Record<Container, (head: Buffer) => boolean>> = {
  asf: isLockedAsf,
  flv: isLockedFlv,
  mpeg: isLockedProgramStream,
  mxf: (head) => MXF_MARKS.some((mark) => head.includes(mark)),
};

/**
 * Throws `source.encrypted` where the file's head declares it. MP4, Matroska and transport streams declare it
 * elsewhere.
 */
export async function assertClear(container: Container, read: ReadBytes): Promise<void> {
  const isLocked = IN_HEAD[container];
  if (isLocked?.(await read(0, HEAD - 1)))
    throw new MediaFailure("source.encrypted", `${container} is locked`);
}

/**
 * `source.encrypted` where most packets of `pid` (null: of all media) are scrambled, at the start, in the
 * middle and at the end; null where they are not.
 */
export async function scrambling(
  read: ReadBytes,
  size: number,
  pid: number | null,
): Promise<MediaFailure | null> {
  const found = { all: 0, scrambled: 0 };
  for (const from of new Set([0, Math.floor(size / 2), Math.max(0, size - HEAD)])) {
    const window = scrambledPackets(await read(from, from + HEAD - 1), pid);
    found.all += window.all;
    found.scrambled += window.scrambled;
  }
  return found.scrambled * 2 > found.all
    ? new MediaFailure("source.encrypted", `${found.scrambled} of ${found.all} packets are scrambled`)
    : null;
}
