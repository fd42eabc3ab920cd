/**
 * Rotates the frames of an MP4 or MOV by its track header, as a phone does: FFmpeg's own option for it has
 * changed its name.
 */

const MATRICES = {
  90: [0, 1, -1, 0],
  180: [-1, 0, 0, -1],
  270: [0, -1, 1, 0],
} as const;
export type Turn = keyof typeof MATRICES;

/**
 * Bytes from the type of a `tkhd` of version 0 to its matrix, and from there to the width (ISO/IEC 14496-12,
 * section 8.3.2).
 */
const TO_MATRIX = 44;
const TO_WIDTH = 36;

/** Changes `bytes`: every track that has a width is displayed rotated clockwise by `degrees`. */
export function turned(bytes: Buffer, degrees: Turn): Buffer {
  for (let at = bytes.indexOf("tkhd"); at >= 0; at = bytes.indexOf("tkhd", at + 4)) {
    const matrix = at + TO_MATRIX;
    if (bytes.readUInt32BE(matrix + TO_WIDTH) === 0) continue;
    const [a, b, c, d] = MATRICES[degrees];
    for (const [place, value] of [
      [0, a],
      [4, b],
      [12, c],
      [16, d],
    ] as const)
      bytes.writeInt32BE(value * 0x1_0000, matrix + place);
  }
  return bytes;
}
