/**
 * What can happen to a video: one type per kind of change, written to the `events` table by the statement
 * that makes it true.
 */
import { z } from "zod";

export const VIDEO_EVENT_TYPES = [
  /** The ticket was created. */
  "video.created",
  /** The upload is complete, and the video is queued. */
  "video.uploaded",
  /** Queued again: by its owner, or because a copied rendition proved unfit. */
  "video.restarted",
  "video.planned",
  /**
   * Its beginning can be watched: the first chunk and the first piece of each audio track exist. Once a
   * generation.
   */
  "video.playable",
  "video.completed",
  "video.failed",
  /** An edit: texts, tags, chapters, visibility, poster, captions. */
  "video.updated",
  /** The poster that an owner asked for could not be made; the one before stays. */
  "video.poster_failed",
  "video.deleted",
  /** Its deletion was undone. */
  "video.restored",
  "upload.expired",
  /**
   * What happened to a task; its kind and index are in `data`. When a plan starts, its video leaves the
   * queue.
   */
  "task.started",
  /** Audio pieces were recorded. */
  "task.published",
  "task.succeeded",
  "task.retried",
  "task.released",
] as const;
export const videoEventTypeSchema = z.enum(VIDEO_EVENT_TYPES);
export type VideoEventType = z.infer<typeof videoEventTypeSchema>;
