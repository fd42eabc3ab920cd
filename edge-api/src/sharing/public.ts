/** Videos that anybody may see, and those that a site's own members may: by the site's signature. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "./allowed.ts";
import type { Entry } from "./shown.ts";
import { readViewerToken } from "./viewer-token.ts";

const publicRow = z.object({ download: z.boolean() });

/**
 * The right to see a video by its id: with a viewer token by that alone (a bad one is refused on a public
 * video as well), without one if the video is public. Throws `video.not_found` for a private video,
 * `playback.token_invalid`, `sharing.not_allowed`.
 */
export async function enterPublic(edge: Edge, id: string, token: string | undefined): Promise<Entry> {
  if (token !== undefined) {
    requireSharing(edge.config, "link");
    return readViewerToken(edge, id, token);
  }
  requireSharing(edge.config, "public");
  if (!isPlainId(id)) throw problem("video.not_found");
  const statement = sql`SELECT public_download AS download FROM videos JOIN users AS u ON u.id = videos.owner_id
    WHERE videos.id = ${id} AND videos.visibility = 'public' AND videos.status <> 'deleting' AND ${isActive}`;
  const [row] = await query(edge.db, statement, publicRow);
  if (!row) throw problem("video.not_found");
  return { videoId: id, grant: { kind: "public" }, download: row.download, origins: [], ends: null };
}
