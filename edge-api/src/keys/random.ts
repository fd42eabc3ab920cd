/** Random ids and secrets, and the hash stored instead of a secret. */
import { base64url } from "jose";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A public id of 20 letters and digits (119 bits). It reveals no order, time or count. */
export const newId = (): string => randomLetters(20);

/** A secret of 32 letters and digits (190 bits) after its prefix: a double click selects it whole. */
export const newToken = (prefix: string): string => prefix + randomLetters(32);

function randomLetters(length: number): string {
  let text = "";
  while (text.length < length) {
    // 248 = 4 × 62: larger bytes are discarded, so that every character is equally likely.
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** A secret of 256 bits as base64url. */
export const newSecret = (): string => randomText(32);

/** So many random bytes, as base64url. */
export const randomText = (bytes: number): string =>
  base64url.encode(crypto.getRandomValues(new Uint8Array(bytes)));

/** So many random bytes, as base64. */
export const randomBase64 = (bytes: number): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));

/** So many random bytes, in hex. */
export const randomHex = (bytes: number): string => hexOf(crypto.getRandomValues(new Uint8Array(bytes)));

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 in hex. Secrets of 256 bits need no salt and no slow hash. */
export async function hashOf(secret: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  return hexOf(digest);
}
