/**
 * Checks for every playlist whether the playback token's grant is still valid, and reads what all playlists
 * need of the video's row; cached for a few seconds.
 */
import { type SQL, sql } from "drizzle-orm";
import { createMiddleware } from "hono/factory";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AppEnv } from "../app-env.ts";
import { makeSingleFlight } from "../cache/single-flight.ts";
import { shownCaptions, shownCaptionsRow } from "../captions/shown.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import type { Cte } from "../db/cte.ts";
import { isAdmin } from "../db/scope.ts";
import { isActive } from "../identity/active.ts";
import { isProcessed } from "../lifecycle/needed.ts";
import { problem } from "../problem/problem.ts";
import { isAllowed } from "../sharing/allowed.ts";
import { linkStands } from "../upload-links/enter.ts";
import type { Grant, Right } from "./access.ts";

const videoRow = z.object({
  /** Tasks that have not succeeded: 0 means that every object is stored. */
  pending: z.number(),
  planned: z.boolean(),
  isCompleted: z.boolean(),
  duration: z.number().nullable(),
  captions: shownCaptionsRow,
});
type VideoNow = z.infer<typeof videoRow>;

/** A right whose grant is valid, with the current state of its video. */
export type Standing = { right: Right; video: VideoNow };

/**
 * Milliseconds. With the statement itself, a revoked grant takes effect within 5 s on every replica, and so do
 * added captions; where the change was made, at once (`forgetAfter`).
 */
const KEPT_MS = 3_000;

/** Resolution 0: the timer of the cache's own clock would belong to one request and end with it. */
const kept = new LRUCache<string, VideoNow>({ max: 5_000, ttl: KEPT_MS, ttlResolution: 0 });
const share = makeSingleFlight<VideoNow>(16);
/** How often a video was changed here. What was read, or asked for, before the last change is not used. */
const changes = new LRUCache<string, number>({ max: 5_000 });

/** After a call that may have changed a video (`:id`), this replica's next playlist reads its row again. */
export const forgetAfter = createMiddleware<AppEnv>(async (c, next) => {
  const videoId = c.req.param("id");
  await next();
  if (videoId) changes.set(videoId, (changes.get(videoId) ?? 0) + 1);
});

/** Whether the operator allows what the grant names: only shares and signatures, or nothing at all. */
function requireAllowed(config: Config, { kind }: Grant): void {
  const isOwn = kind === "owner" || kind === "unnamed";
  if (!isOwn && !isAllowed(config, kind === "public" ? "public" : "link"))
    throw problem("playback.token_invalid");
}

/**
 * For a player's reports, of which there are many: whether the grant stands is read only where the video was
 * changed here lately. Elsewhere the statement finds out that adds many reports (`audience/write.ts`).
 */
export async function requireLikely(edge: Edge, right: Right): Promise<Right> {
  requireAllowed(edge.config, right.grant);
  if (changes.has(right.videoId)) await requireStanding(edge, right);
  return right;
}

/**
 * Returns the right with its video if its grant is valid. The result is cached for a completed video. A video
 * that is still encoded changes with every chunk, so it is read every time. Throws `playback.token_invalid`
 * if the grant has ended, the video is gone or its generation is over.
 */
export async function requireStanding(edge: Edge, right: Right): Promise<Standing> {
  const { videoId, generation, grant } = right;
  const key = JSON.stringify([videoId, generation, changes.get(videoId) ?? 0, grant]);
  const known = kept.get(key);
  if (known) return { right, video: known };
  requireAllowed(edge.config, grant);
  const video = await share(edge, key, async () => {
    const [row] = await query(edge.db, statementFor(right), videoRow);
    if (!row) throw problem("playback.token_invalid");
    if (row.isCompleted) kept.set(key, row);
    return row;
  });
  return { right, video };
}

const statementFor = ({ videoId, generation, grant }: Right): SQL =>
  sql`SELECT pending_tasks AS pending, plan IS NOT NULL AS planned, status = 'completed' AS "isCompleted", duration,
      ${shownCaptions} AS captions
    FROM videos WHERE id = ${videoId} AND generation = ${generation}::int AND (${isProcessed} OR videos.status = 'completed')
      AND ${stands(grant)}`;

/** A deleted or disabled account sees nothing. */
const isActiveId = (id: SQL) => sql`EXISTS (SELECT 1 FROM users AS u WHERE u.id = ${id} AND ${isActive})`;

/** What a grant depends on besides the video: an account, a share or a playback key, and a share's lock. */
export function refOf(grant: Grant): { ref: string; lock: number } {
  switch (grant.kind) {
    case "owner":
      return { ref: grant.userId, lock: 0 };
    case "share":
      return { ref: grant.shareId, lock: grant.lock };
    case "viewer":
      return { ref: grant.keyId, lock: 0 };
    case "public":
    case "link":
    case "unnamed":
      return { ref: "", lock: 0 };
  }
}

/** For each kind the condition on a row of `videos` that is not deleted. */
const CONDITIONS: Record<Grant["kind"], (ref: SQL, lock: SQL) => SQL> = {
  owner: (ref) => sql`((videos.owner_id = ${ref} OR ${isAdmin(ref)}) AND ${isActiveId(ref)})`,
  public: () => sql`(videos.visibility = 'public' AND ${isActiveId(sql`videos.owner_id`)})`,
  share: (
    ref,
    lock,
  ) => sql`(EXISTS (SELECT 1 FROM shares WHERE shares.id = ${ref} AND shares.video_id = videos.id
        AND shares.lock = ${lock}::int AND (shares.expires_at IS NULL OR shares.expires_at > now()))
        AND ${isActiveId(sql`videos.owner_id`)})`,
  link: () =>
    sql`EXISTS (SELECT 1 FROM link_uploads WHERE link_uploads.video_id = videos.id AND ${linkStands})`,
  viewer: (ref) => sql`(EXISTS (SELECT 1 FROM playback_keys WHERE playback_keys.id = ${ref}
        AND playback_keys.owner_id = videos.owner_id) AND ${isActiveId(sql`videos.owner_id`)})`,
  unnamed: () => isActiveId(sql`videos.owner_id`),
};

function stands(grant: Grant): SQL {
  const { ref, lock } = refOf(grant);
  return sql`(videos.status <> 'deleting' AND ${CONDITIONS[grant.kind](sql`${ref}`, sql`${lock}`)})`;
}

/** The condition on `videos` that the grant which a row of `of` names stands, many grants in one statement. */
export function standsIn({ columns: { kind, ref, lock } }: Cte<"kind" | "ref" | "lock">): SQL {
  const cases = Object.entries(CONDITIONS).map(
    ([name, condition]) => sql`WHEN ${name} THEN ${condition(ref, lock)}`,
  );
  return sql`(videos.status <> 'deleting' AND CASE ${kind} ${sql.join(cases, sql` `)} ELSE false END)`;
}
