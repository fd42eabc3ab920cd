/**
 * The playback token: a short, signed right to read one generation of one video until it expires. It is part
 * of the URL's path.
 */
import type { SigningKey } from "@storagex/contract/settings/settings";
import { base64url } from "jose";
import type { Config } from "../config.ts";
import type { Span } from "../storage/media-life.ts";

/**
 * What a token depends on. `owner`: this account may see the video (as its owner or as an administrator); the
 * token ends when it no longer may. `unnamed`: a token of the previous release, which named no account. No
 * new ones are issued, and the last expires twelve hours after the update.
 */
export type Grant = { kind: "owner"; userId: string } | { kind: "unnamed" };

export type Right = Span & { videoId: string; generation: number; grant: Grant };

const encoder = new TextEncoder();
const TAG_BYTES = 16;

const macKeys = new WeakMap<SigningKey, Promise<CryptoKey>>();

/**
 * The MAC key derived from a signing key (HKDF, RFC 5869). All replicas derive the same one; a new signing
 * key gives a new one.
 */
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

/** The first field of tokens that name their grant. */
const VERSION = "2";

/** The payload differs from other versions': a signature of one version is never valid for another. */
function payloadOf({ videoId, generation, issued, expires, grant }: Right): string {
  const fields = [videoId, generation, issued.toString(36), expires.toString(36)];
  return (grant.kind === "owner" ? [VERSION, ...fields, "o", grant.userId] : fields).join(".");
}

/** The token of a right. The same right always gives the same text, so that reloads repeat the same URLs. */
export async function writeToken(config: Config, right: Right): Promise<string> {
  const payload = payloadOf(right);
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  return `${payload}.${await tagOf(key, payload)}`;
}

const OF_VIDEO = String.raw`([\w-]{1,64})\.(\d{1,9})\.([0-9a-z]{1,9})\.([0-9a-z]{1,9})`;
const NAMED = new RegExp(String.raw`^${VERSION}\.${OF_VIDEO}\.o\.([\w-]{1,64})\.([\w-]{22})$`);
const UNNAMED = new RegExp(String.raw`^${OF_VIDEO}\.([\w-]{22})$`);

/** The right that a token grants at `now` (milliseconds); undefined if it is altered, expired or not ours. */
export async function readToken(config: Config, token: string, now: number): Promise<Right | undefined> {
  const named = NAMED.exec(token);
  const match = named ?? UNNAMED.exec(token);
  const [, videoId, generation, issued, expires] = match ?? [];
  if (!match || !videoId || !issued || !expires) return undefined;
  const userId = named?.[5];
  const right: Right = {
    videoId,
    generation: Number(generation),
    issued: Number.parseInt(issued, 36),
    expires: Number.parseInt(expires, 36),
    grant: userId === undefined ? { kind: "unnamed" } : { kind: "owner", userId },
  };
  const [payload, tag] = [token.slice(0, token.lastIndexOf(".")), match.at(-1) ?? ""];
  let isOurs = false;
  for (const key of config.STORAGEX_SIGNING_KEYS.keys) isOurs ||= sameText(await tagOf(key, payload), tag);
  return isOurs && right.expires * 1000 > now ? right : undefined;
}

/** Constant time for texts of equal length. */
function sameText(a: string, b: string): boolean {
  let differs = a.length ^ b.length;
  for (let at = 0; at < a.length; at += 1) differs |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return differs === 0;
}
