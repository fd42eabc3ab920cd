/** The playback token: a short, signed right to one generation of one video, until it expires. It travels in the path. */
import type { SigningKey } from "@storagex/contract/settings";
import { base64url } from "jose";
import type { Config } from "../config.ts";
import type { Span } from "../storage/media-life.ts";

export type Right = Span & { videoId: string; generation: number };

const encoder = new TextEncoder();
const TAG_BYTES = 16;

const macKeys = new WeakMap<SigningKey, Promise<CryptoKey>>();

/** The MAC key of one signing key (HKDF, RFC 5869): the same on every replica, new when the key is. */
function macKeyOf(key: SigningKey): Promise<CryptoKey> {
  let mac = macKeys.get(key);
  if (!mac) {
    mac = deriveMacKey(key);
    macKeys.set(key, mac);
  }
  return mac;
}

async function deriveMacKey({ d }: SigningKey): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", encoder.encode(d), "HKDF", false, ["deriveKey"]);
  const how = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode("storagex playback"),
  };
  return crypto.subtle.deriveKey(how, secret, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
    "sign",
  ]);
}

async function tagOf(key: SigningKey, payload: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await macKeyOf(key), encoder.encode(payload));
  return base64url.encode(new Uint8Array(mac).subarray(0, TAG_BYTES));
}

/** The token of a right: the same text for the same right, so that reloads repeat the same URLs. */
export async function writeToken(config: Config, right: Right): Promise<string> {
  const { videoId, generation, issued, expires } = right;
  const payload = [videoId, generation, issued.toString(36), expires.toString(36)].join(".");
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  return `${payload}.${await tagOf(key, payload)}`;
}

/** The right that a token gives at `now` (milliseconds); undefined where it is altered, expired or not ours. */
export async function readToken(config: Config, token: string, now: number): Promise<Right | undefined> {
  const match = /^(([\w-]{1,64})\.(\d{1,9})\.([0-9a-z]{1,9})\.([0-9a-z]{1,9}))\.([\w-]{22})$/.exec(token);
  const [, payload = "", videoId = "", generation = "", issued = "", expires = "", tag = ""] = match ?? [];
  if (!match) return undefined;
  const right = {
    videoId,
    generation: Number(generation),
    issued: Number.parseInt(issued, 36),
    expires: Number.parseInt(expires, 36),
  };
  let isOurs = false;
  for (const key of config.STORAGEX_SIGNING_KEYS.keys) isOurs ||= sameText(await tagOf(key, payload), tag);
  return isOurs && right.expires * 1000 > now ? right : undefined;
}

/** Constant time for texts of one length. */
function sameText(a: string, b: string): boolean {
  let differs = a.length ^ b.length;
  for (let at = 0; at < a.length; at += 1) differs |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return differs === 0;
}
