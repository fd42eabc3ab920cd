/**
 * Encrypted FLV (Adobe's FLV specification, section E.4.1): a tag's Filter bit means that it must be
 * decrypted first.
 */

const HEADER = 9;
const TAG = 11;
const FILTER = 0x20;
const AUDIO = 8;
const VIDEO = 9;

/** True where most audio and video tags at the start of the file are encrypted. */
export function isLockedFlv(bytes: Buffer): boolean {
  const tags = { all: 0, locked: 0 };
  if (bytes.length < HEADER) return false;
  // Each tag follows the four bytes of the previous tag's size.
  for (let at = bytes.readUInt32BE(5) + 4; at + TAG <= bytes.length; ) {
    const first = bytes.readUInt8(at);
    const type = first & 0x1f;
    if (type === AUDIO || type === VIDEO) {
      tags.all++;
      if (first & FILTER) tags.locked++;
    }
    at += TAG + bytes.readUIntBE(at + 1, 3) + 4;
  }
  return tags.locked * 2 > tags.all;
}
