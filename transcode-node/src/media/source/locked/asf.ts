/** Copy protection in ASF (WMV): header objects that say so, while FFmpeg takes the payload for clear and decodes noise. */

/** GUIDs as they lie in the file: Content Encryption, Extended and Advanced Content Encryption (ASF specification, 3.14–3.15, 3.27). */
const ENCRYPTION = new Set([
  "fbb3112223bdd211b4b700a0c955fc6e",
  "14e68a292226174cb935dae07ee9289c",
  "338505438169e6499b74ad12cb86d58c",
]);
const HEADER = 30;
const OBJECT = 24;

/** True where an object of the header object at the start of `bytes` is one of encryption. */
export function isLockedAsf(bytes: Buffer): boolean {
  if (bytes.length < HEADER) return false;
  const end = Math.min(bytes.length, Number(bytes.readBigUInt64LE(16)));
  for (let at = HEADER; at + OBJECT <= end; ) {
    if (ENCRYPTION.has(bytes.toString("hex", at, at + 16))) return true;
    at += Math.max(OBJECT, Number(bytes.readBigUInt64LE(at + 16)));
  }
  return false;
}
