/**
 * Secrets that must be used or shown again, encrypted for the database (AES-GCM) under a key derived from the
 * signing keys: a copy of the database alone opens none.
 */
import { base64url } from "jose";
import type { Config } from "../config.ts";
import { derivedKey } from "./derived.ts";

const IV_BYTES = 12;

/** Encrypts with the first signing key's derived key. */
export async function seal(config: Config, secret: string): Promise<string> {
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const data = new TextEncoder().encode(secret);
  const aes = await derivedKey(key, "sealed secrets");
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, aes, data));
  return `1.${base64url.encode(iv)}.${base64url.encode(sealed)}`;
}

/** The secret; undefined if none of today's signing keys opens it (the one that sealed it was removed). */
export async function unseal(config: Config, text: string): Promise<string | undefined> {
  const [version, iv, sealed] = text.split(".");
  if (version !== "1" || !iv || !sealed) return undefined;
  for (const key of config.STORAGEX_SIGNING_KEYS.keys) {
    try {
      const how = { name: "AES-GCM", iv: base64url.decode(iv) };
      const aes = await derivedKey(key, "sealed secrets");
      return new TextDecoder().decode(await crypto.subtle.decrypt(how, aes, base64url.decode(sealed)));
    } catch {
      // Another key has sealed it.
    }
  }
  return undefined;
}
