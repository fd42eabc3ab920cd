/** A share as its visitors meet it: found by its token, unlocked by its password. */
import { SHARE_PREFIX } from "@storagex/contract/sharing";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { iso } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { countAttempt } from "../identity/attempts/attempts.ts";
import { inTurn } from "../identity/passwords/hash-turns.ts";
import { isPassword } from "../identity/passwords/passwords.ts";
import { hashOf } from "../keys/random.ts";
import { readTagged, withTag } from "../keys/tag.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "./allowed.ts";
import type { Entry } from "./shown.ts";

const foundRow = z.object({
  id: z.string(),
  videoId: z.string(),
  passwordHash: z.string().nullable(),
  lock: z.number(),
  download: z.boolean(),
  origins: z.array(z.string()),
  expiresAt: z.string().nullable(),
});
export type FoundShare = z.infer<typeof foundRow>;

const TOKEN = new RegExp(`^${SHARE_PREFIX}[0-9A-Za-z]{32}$`);

/** The share of a token. Throws `share.not_found` if it was revoked or is over, `sharing.not_allowed`. */
export async function findShare({ config, db }: Edge, token: string): Promise<FoundShare> {
  requireSharing(config, "link");
  if (!TOKEN.test(token)) throw problem("share.not_found");
  const statement = sql`SELECT shares.id, video_id AS "videoId", shares.password_hash AS "passwordHash", lock,
      allow_download AS download, embed_origins AS origins, ${iso(sql`shares.expires_at`)} AS "expiresAt"
    FROM shares JOIN videos ON videos.id = shares.video_id JOIN users AS u ON u.id = videos.owner_id
    WHERE token_hash = ${await hashOf(token)} AND (shares.expires_at IS NULL OR shares.expires_at > now())
      AND videos.status <> 'deleting' AND ${isActive}`;
  const [found] = await query(db, statement, foundRow);
  if (!found) throw problem("share.not_found");
  return found;
}

/** What the share lets see. Throws `share.locked` where it has a password that `unlock` does not prove. */
export async function enterShare(edge: Edge, share: FoundShare, unlock: string | undefined): Promise<Entry> {
  if (share.passwordHash !== null && !(await isUnlocked(edge, share, unlock))) throw problem("share.locked");
  const { id, videoId, lock, download, origins, expiresAt } = share;
  const ends = expiresAt === null ? null : new Date(expiresAt);
  return { videoId, download, origins, ends, grant: { kind: "share", shareId: id, lock } };
}

/** Seconds. A changed password ends it earlier. */
const UNLOCK_SECONDS = 12 * 3600;
/** Wrong passwords of one share from one address in a quarter of an hour. */
const MAX_WRONG = 10;

/**
 * Proves the password. `network` is the client's address where a trusted header names it. Throws
 * `share.wrong_password`, `auth.too_many_attempts`.
 */
export async function unlockShare(
  edge: Edge,
  share: FoundShare,
  password: string,
  network: string | undefined,
): Promise<{ unlock: string; expiresIn: number }> {
  const subject = `unlock:${share.id}${network === undefined ? "" : `:${network}`}`;
  await countAttempt(edge.db, [{ subject, max: MAX_WRONG }]);
  const isRight =
    share.passwordHash === null ||
    (await inTurn(() => isPassword(password, share.passwordHash ?? undefined)));
  if (!isRight) throw problem("share.wrong_password");
  // Only this one: else a guesser had all tries again whenever a viewer comes.
  await edge.db.execute(sql`UPDATE attempts SET count = count - 1 WHERE subject = ${subject} AND count > 0`);
  const ends = Math.floor(Date.now() / 1000) + UNLOCK_SECONDS;
  const unlock = await withTag(edge.config, "share unlock", `${share.id}.${share.lock}.${ends.toString(36)}`);
  return { unlock, expiresIn: UNLOCK_SECONDS };
}

async function isUnlocked({ config }: Edge, share: FoundShare, unlock = ""): Promise<boolean> {
  const payload = unlock.length > 300 ? undefined : await readTagged(config, "share unlock", unlock);
  const [id, lock, ends = ""] = payload?.split(".") ?? [];
  return id === share.id && lock === String(share.lock) && Number.parseInt(ends, 36) * 1000 > Date.now();
}
