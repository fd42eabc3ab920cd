/** Short texts that only we can have written: a payload with a MAC under a derived key. */

import type { SigningKey } from "@storagex/contract/settings/settings";
import { base64url } from "jose";
import { LRUCache } from "lru-cache";
import type { Config } from "../config.ts";
import { derivedKey } from "./derived.ts";
import { sameText } from "./same-text.ts";

type Purpose = "playback" | "share unlock" | "uploaded video";

const encoder = new TextEncoder();
/** 128 bits: 22 characters. */
const TAG_BYTES = 16;

/** A player sends the same token with every playlist. */
const MAX_TAGS = 20_000;
const tags = new WeakMap<SigningKey, LRUCache<string, string>>();

async function tagOf(key: SigningKey, purpose: Purpose, payload: string): Promise<string> {
  const known = tags.get(key) ?? new LRUCache<string, string>({ max: MAX_TAGS });
  tags.set(key, known);
  const name = `${purpose} ${payload}`;
  const tag = known.get(name) ?? (await makeTag(key, purpose, payload));
  known.set(name, tag);
  return tag;
}

async function makeTag(key: SigningKey, purpose: Purpose, payload: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await derivedKey(key, purpose), encoder.encode(payload));
  return base64url.encode(new Uint8Array(mac).subarray(0, TAG_BYTES));
}

/** `payload.tag`, by the first signing key. The same payload always gives the same text. */
export async function withTag(config: Config, purpose: Purpose, payload: string): Promise<string> {
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  return `${payload}.${await tagOf(key, purpose, payload)}`;
}

/** The payload of a text of `withTag`, by any of the signing keys; undefined if it is altered or not ours. */
export async function readTagged(
  config: Config,
  purpose: Purpose,
  text: string,
): Promise<string | undefined> {
  const end = text.lastIndexOf(".");
  const [payload, tag] = [text.slice(0, end), text.slice(end + 1)];
  let isOurs = false;
  for (const key of config.STORAGEX_SIGNING_KEYS.keys)
    isOurs ||= sameText(await tagOf(key, purpose, payload), tag);
  return isOurs ? payload : undefined;
}
