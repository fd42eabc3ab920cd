/**
 * The playback token: a short, signed right to read one generation of one video until it expires. It is part
 * of the URL's path.
 */
import type { Config } from "../config.ts";
import { readTagged, withTag } from "../keys/tag.ts";
import type { Span } from "../storage/media-life.ts";

/**
 * What a token depends on, and ends with. `owner`: this account may see the video (as its owner or as an
 * administrator). `public`: the video is public. `share`: the share stands, with this state of its password.
 * `link`: the video was uploaded by a link that was not revoked. `viewer`: the playback key exists, until `until` (Unix seconds, the end of the viewer token); `viewer` is a
 * hash of the site's own name for the person, or empty. `unnamed`: a token of the previous release, which
 * named no account. No new ones are issued, and the last expires twelve hours after the update.
 */
export type Grant =
  | { kind: "owner"; userId: string }
  | { kind: "public" }
  | { kind: "share"; shareId: string; lock: number }
  | { kind: "link" }
  | { kind: "viewer"; keyId: string; viewer: string; until: number }
  | { kind: "unnamed" };

export type Right = Span & { videoId: string; generation: number; grant: Grant };

/** The first field of tokens that name their grant. */
const VERSION = "2";

/** The payload differs from other versions': a signature of one version is never valid for another. */
function payloadOf({ videoId, generation, issued, expires, grant }: Right): string {
  const fields = [videoId, generation, issued.toString(36), expires.toString(36)];
  return (grant.kind === "unnamed" ? fields : [VERSION, ...fields, ...fieldsOf(grant)]).join(".");
}

function fieldsOf(grant: Exclude<Grant, { kind: "unnamed" }>): (string | number)[] {
  switch (grant.kind) {
    case "owner":
      return ["o", grant.userId];
    case "public":
      return ["p"];
    case "share":
      return ["s", grant.shareId, grant.lock];
    case "link":
      return ["l"];
    case "viewer":
      return ["k", grant.keyId, grant.viewer || "-", grant.until.toString(36)];
  }
}

/** The token of a right. The same right always gives the same text, so that reloads repeat the same URLs. */
export function writeToken(config: Config, right: Right): Promise<string> {
  return withTag(config, "playback", payloadOf(right));
}

const OF_VIDEO = String.raw`([\w-]{1,64})\.(\d{1,9})\.([0-9a-z]{1,9})\.([0-9a-z]{1,9})`;
const NAMED = new RegExp(String.raw`^${VERSION}\.${OF_VIDEO}\.([oplsk](?:\.[\w-]{1,64}){0,3})$`);
const UNNAMED = new RegExp(`^${OF_VIDEO}$`);

/** The right that a token grants at `now` (milliseconds); undefined if it is altered, expired or not ours. */
export async function readToken(config: Config, token: string, now: number): Promise<Right | undefined> {
  if (token.length > 600) return undefined;
  const payload = await readTagged(config, "playback", token);
  if (payload === undefined) return undefined;
  const match = NAMED.exec(payload) ?? UNNAMED.exec(payload);
  const [, videoId, generation, issued, expires, named] = match ?? [];
  const grant = named === undefined ? { kind: "unnamed" as const } : readGrant(named.split("."));
  if (!videoId || !issued || !expires || !grant) return undefined;
  const right: Right = {
    videoId,
    generation: Number(generation),
    issued: Number.parseInt(issued, 36),
    expires: Number.parseInt(expires, 36),
    grant,
  };
  const end = Math.min(right.expires, grant.kind === "viewer" ? grant.until : right.expires);
  return end * 1000 > now ? right : undefined;
}

function readGrant([kind, id, third, fourth]: readonly string[]): Grant | undefined {
  if (kind === "p") return { kind: "public" };
  if (kind === "l") return { kind: "link" };
  if (!id) return undefined;
  if (kind === "o") return { kind: "owner", userId: id };
  if (kind === "s" && third) return { kind: "share", shareId: id, lock: Number(third) };
  if (kind !== "k" || !third || !fourth) return undefined;
  const viewer = third === "-" ? "" : third;
  return { kind: "viewer", keyId: id, viewer, until: Number.parseInt(fourth, 36) };
}
