/** What a player needs: short-lived signed URLs of one video. */
import { z } from "@hono/zod-openapi";
import { captionTrackSchema } from "./captions.ts";

export const playbackSchema = z
  .object({
    /** `partial`: still encoding; the playlist grows until ENDLIST. */
    state: z.enum(["partial", "complete"]),
    /** Null until the first seconds are encoded. */
    hls: z.string().nullable(),
    mp4: z.string().nullable(),
    /**
     * The same file, for saving: browsers ignore a link's `download` attribute where the object store is
     * another origin.
     */
    download: z.string().nullable(),
    poster: z.string().nullable(),
    storyboard: z.string().nullable(),
    captions: z.array(z.object({ ...captionTrackSchema.shape, url: z.string() })),
    expiresAt: z.iso.datetime(),
  })
  .openapi("Playback");
export type Playback = z.infer<typeof playbackSchema>;

/** A playback that has something to play. */
export const playablePlaybackSchema = playbackSchema.extend({ hls: z.string() });
export type PlayablePlayback = z.infer<typeof playablePlaybackSchema>;

/** The uploaded file itself, as an attachment under its own name. */
export const sourceAnswerSchema = z
  .object({
    url: z.string(),
    filename: z.string().openapi({ example: "holiday.mov" }),
    size: z.number().int(),
    expiresAt: z.iso.datetime(),
  })
  .openapi("Source");
export type SourceAnswer = z.infer<typeof sourceAnswerSchema>;
