/** Statuses of a video and orders of a list; no schema, so that pages can use them without zod. */

export const VIDEO_STATUSES = ["pending_upload", "queued", "processing", "completed", "failed"] as const;
export type VideoStatus = (typeof VIDEO_STATUSES)[number];

export const VIDEO_SORTS = ["newest", "oldest", "title", "longest", "largest"] as const;
export type VideoSort = (typeof VIDEO_SORTS)[number];
