/**
 * Copy protection in ASF (WMV): header objects declare it, while FFmpeg treats the payload as clear and
 * decodes noise.
 */

/**
 * GUIDs in the file's byte order: Content Encryption, Extended and Advanced Content Encryption (ASF
 * specification, sections 3.14–3.15, 3.27).
 */
const ENCRYPTION = new Set([
  "fbb3112223bdd211b4b700a0c955fc6e",
  "14e68a292226174cb935dae07ee9289c",
  "338505438169e6499b74ad12cb86d58c",
]);
const HEADER = 30;
const OBJECT = 24;

/** True where the header object at the start of `bytes` contains an encryption object. */
export function isLockedAsf(bytes: Buffer): boolean {
  if (bytes.length < HEADER) return false;
  const end = Math.min(bytes.length, Number(bytes.readBigUInt64LE(16)));
  for (let at = HEADER; at + OBJECT <= end; ) {
    if (ENCRYPTION.has(bytes.toString("hex", at, at + 16))) return true;
    at += Math.max(OBJECT, Number(bytes.readBigUInt64LE(at + 16)));
  }
  return false;
}
