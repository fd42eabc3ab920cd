/** Signatures of Standard Webhooks (standardwebhooks.com), symmetric: `v1,` and an HMAC-SHA256. */
import { WEBHOOK_SECRET_PREFIX } from "@storagex/contract/webhooks";
import type { Config } from "../config.ts";
import { unseal } from "../keys/sealed.ts";

/** Why a delivery cannot be sent, for its webhook's owner. */
export class Unsendable extends Error {}

/**
 * The headers of a try that begins now, signed with the sealed secret, and with the one before while that signs
 * along and can be opened. Throws `Unsendable` where no signing key opens the secret.
 */
export async function signedHeaders(
  config: Config,
  eventId: string,
  body: string,
  { secret, oldSecret }: { secret: string; oldSecret: string | null },
): Promise<Record<string, string>> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signed = new Uint8Array(new TextEncoder().encode(`${eventId}.${timestamp}.${body}`));
  const opened = await open(config, secret);
  if (!opened) throw new Unsendable("the server can no longer open the webhook's secret: rotate it");
  const before = oldSecret === null ? undefined : await open(config, oldSecret);
  const secrets = before ? [opened, before] : [opened];
  const signatures = await Promise.all(secrets.map((bytes) => sign(bytes, signed)));
  return {
    "content-type": "application/json",
    "user-agent": "StorageX-Webhooks/1",
    "webhook-id": eventId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
  };
}

async function open(config: Config, sealed: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const secret = await unseal(config, sealed);
  return secret === undefined ? undefined : bytesOf(atob(secret.slice(WEBHOOK_SECRET_PREFIX.length)));
}

/** Of a text of one byte per character. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

async function sign(secret: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>): Promise<string> {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, how, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return `v1,${btoa(String.fromCharCode(...signature))}`;
}
