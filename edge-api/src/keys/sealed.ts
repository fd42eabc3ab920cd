/**
 * Secrets that must be used or shown again, encrypted for the database (AES-GCM) under a key derived from the
 * signing keys: a copy of the database alone opens none. The text is `2.KEY.IV.DATA`; KEY names the signing key,
 * so that rows under earlier ones can be found and sealed again (`sweeps/reseal`). Before it named none, it was
 * `1.IV.DATA`.
 */
import type { SigningKey } from "@storagex/contract/settings/settings";
import { base64url, calculateJwkThumbprint } from "jose";
import type { Config } from "../config.ts";
import { derivedKey } from "./derived.ts";

const IV_BYTES = 12;
/** Letters of a key's thumbprint (RFC 7638), 96 bits. */
const NAME_LETTERS = 16;

const names = new WeakMap<SigningKey, Promise<string>>();

/** How sealed texts name a signing key: by its public half. */
function nameOf(key: SigningKey): Promise<string> {
  const known = names.get(key);
  if (known) return known;
  const { kty, crv, x, y } = key;
  const name = calculateJwkThumbprint({ kty, crv, x, y }).then((print) => print.slice(0, NAME_LETTERS));
  names.set(key, name);
  return name;
}

/** The names of the signing keys, the one that seals first. */
export const sealingKeys = (config: Config): Promise<string[]> =>
  Promise.all(config.STORAGEX_SIGNING_KEYS.keys.map(nameOf));

/** Encrypts with the first signing key's derived key. */
export async function seal(config: Config, secret: string): Promise<string> {
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const data = new TextEncoder().encode(secret);
  const aes = await derivedKey(key, "sealed secrets");
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, aes, data));
  return `2.${await nameOf(key)}.${base64url.encode(iv)}.${base64url.encode(sealed)}`;
}

/** The secret; undefined if none of today's signing keys opens it (the one that sealed it was removed). */
export async function unseal(config: Config, text: string): Promise<string | undefined> {
  const parts = text.split(".");
  const [version, name] = parts;
  const [iv, sealed] = parts.slice(version === "2" ? 2 : 1);
  if ((version !== "1" && version !== "2") || !iv || !sealed) return undefined;
  for (const key of config.STORAGEX_SIGNING_KEYS.keys) {
    if (version === "2" && name !== (await nameOf(key))) continue;
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
