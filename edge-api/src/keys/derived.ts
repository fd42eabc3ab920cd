/**
 * Keys derived from the signing keys (HKDF, RFC 5869): every replica derives the same ones, and an operator
 * keeps only one secret. Each purpose has a key of its own.
 */
import type { SigningKey } from "@storagex/contract/settings/settings";

/** What a key is for. A value made for one purpose is never valid for another. */
type Purpose = "playback" | "share unlock" | "uploaded video" | "lease" | "sealed secrets";

const encoder = new TextEncoder();
const derived = new WeakMap<SigningKey, Map<Purpose, Promise<CryptoKey>>>();

/** The HMAC key of a purpose, or for sealed secrets the AES key; derived once per isolate. */
export function derivedKey(key: SigningKey, purpose: Purpose): Promise<CryptoKey> {
  let keys = derived.get(key);
  if (!keys) {
    keys = new Map();
    derived.set(key, keys);
  }
  let found = keys.get(purpose);
  if (!found) {
    found = derive(key, purpose);
    keys.set(purpose, found);
  }
  return found;
}

async function derive({ d }: SigningKey, purpose: Purpose): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", encoder.encode(d), "HKDF", false, ["deriveKey"]);
  const info = encoder.encode(`storagex ${purpose}`);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return purpose === "sealed secrets"
    ? crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
    : crypto.subtle.deriveKey(how, secret, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
}
