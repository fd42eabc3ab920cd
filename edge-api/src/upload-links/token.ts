/**
 * The tokens of upload links: the link's own, which is random, and that of one video, which is signed. The latter is
 * made afresh where its ticket is answered again, and ends a day after the ticket.
 */
import {
  UPLOAD_LINK_PREFIX,
  UPLOADED_VIDEO_PREFIX,
  WATCH_HOURS,
} from "@storagex/contract/uploads/upload-links";
import type { Config } from "../config.ts";
import { readTagged, withTag } from "../keys/tag.ts";

/** The bearer in an Authorization header, if it looks like one of ours. */
export function linkTokenIn(
  header: string | undefined,
): { of: "uploadLink" | "videoToken"; token: string } | undefined {
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1] ?? "";
  if (token.startsWith(UPLOAD_LINK_PREFIX)) return { of: "uploadLink", token };
  return token.startsWith(UPLOADED_VIDEO_PREFIX) ? { of: "videoToken", token } : undefined;
}

const LINK_TOKEN = new RegExp(`^${UPLOAD_LINK_PREFIX}[0-9A-Za-z]{32}$`);
export const isLinkToken = (token: string): boolean => LINK_TOKEN.test(token);

/** `ticketExpiresAt` as the ticket says it, ISO 8601. */
export function writeVideoToken(config: Config, videoId: string, ticketExpiresAt: string): Promise<string> {
  const ends = Math.floor(Date.parse(ticketExpiresAt) / 1_000) + WATCH_HOURS * 3_600;
  return withTag(config, "uploaded video", `${UPLOADED_VIDEO_PREFIX}${videoId}.${ends.toString(36)}`);
}

const PAYLOAD = new RegExp(String.raw`^${UPLOADED_VIDEO_PREFIX}([\w-]{1,64})\.([0-9a-z]{1,9})$`);

/** The video that a token is for; undefined if it is altered, has ended at `now` (milliseconds) or is not ours. */
export async function readVideoToken(
  config: Config,
  token: string,
  now: number,
): Promise<string | undefined> {
  const payload = token.length > 200 ? undefined : await readTagged(config, "uploaded video", token);
  const [, videoId, ends = ""] = PAYLOAD.exec(payload ?? "") ?? [];
  return Number.parseInt(ends, 36) * 1_000 > now ? videoId : undefined;
}
