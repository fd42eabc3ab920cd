/** A video as its visitors see it: nothing of its owner, its file or its processing. */
import type { ShownVideo } from "@storagex/contract/sharing";
import { chaptersSchema } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { iso } from "../db/text.ts";
import type { Grant } from "../playback/access.ts";
import { playbackOf } from "../playback/answer.ts";
import { Problem, problem } from "../problem/problem.ts";
import { shownChapters } from "../videos/fields.ts";

const shownRow = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  createdAt: z.string(),
  chapters: chaptersSchema,
});

/** By which right somebody sees a video, and what comes with it. */
export type Entry = {
  videoId: string;
  grant: Grant;
  /** Whether the MP4 is offered. */
  download: boolean;
  /** Origins that may frame the player and read the answer; empty for any. */
  origins: readonly string[];
  /** When the right ends by itself; null where it does not. */
  ends: Date | null;
};

/** The video of an entry that was just checked. Throws `video.not_found` if it is gone meanwhile. */
export async function shownVideo(edge: Edge, entry: Entry): Promise<ShownVideo> {
  const scope: SQL = sql`videos.status <> 'deleting'`;
  const statement = sql`SELECT id, title, description, duration, width, height, ${iso(sql`created_at`)} AS "createdAt",
      ${shownChapters} AS chapters FROM videos WHERE id = ${entry.videoId} AND ${scope}`;
  const [[row], playback] = await Promise.all([
    query(edge.db, statement, shownRow),
    playbackOf(edge, scope, entry.videoId, entry.grant).catch((error: unknown) => {
      // Nothing will appear by itself, and that is all a visitor needs to know.
      if (error instanceof Problem && error.code === "video.not_playable") return null;
      throw error;
    }),
  ]);
  if (!row) throw problem("video.not_found");
  if (!playback) return { video: { ...row, poster: null }, playback };
  const { poster, expiresAt } = playback;
  const given = { ...playback, expiresAt: earlier(expiresAt, entry.ends) };
  return {
    video: { ...row, poster },
    playback: entry.download ? given : { ...given, mp4: null, download: null },
  };
}

const earlier = (iso: string, ends: Date | null): string =>
  ends && ends.getTime() < Date.parse(iso) ? ends.toISOString() : iso;
