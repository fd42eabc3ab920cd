/** Who watched a video, as numbers: the response of `GET /v1/videos/{id}/audience`. Days are those of UTC. */
import { z } from "@hono/zod-openapi";
import { usageQuerySchema } from "./accounts/usage.ts";

/** A visit counts as a view after so many seconds of playing. */
export const VIEW_SECONDS = 3;
/** The curve of what was watched has so many steps, whatever the length of the video. */
export const RETENTION_STEPS = 100;
/** Max places of an answer: those with the most views. */
export const MAX_PLACES = 50;
/** Days for which an audience is kept in detail; the counts of views and seconds stay with their video. */
export const AUDIENCE_DAYS = 400;

export const DEVICES = ["desktop", "phone", "tablet", "tv", "other"] as const;
export type Device = (typeof DEVICES)[number];

/** The days, as of `/v1/usage`, and whose views. */
export const audienceQuerySchema = usageQuerySchema.extend({
  share: z.string().min(1).max(64).optional().openapi({
    description: "A share's id: only what was watched by it",
  }),
  viewer: z.string().min(1).max(200).optional().openapi({
    description: "A `viewer` of your own viewer tokens: only what this person watched",
    example: "member-7",
  }),
});
export type AudienceQuery = z.infer<typeof audienceQuerySchema>;

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const day = {
  views: count.openapi({ description: `Visits that played for at least ${VIEW_SECONDS} seconds` }),
  viewers: count.openapi({
    description: "Different viewers of each day, added up: those of two days cannot be told apart",
  }),
  watchSeconds: z.number().min(0).openapi({
    description: "Seconds of the video that were played, also by browsers that ask not to be followed",
  }),
};

export const audienceSchema = z
  .object({
    ...day,
    averageWatchSeconds: z.number().min(0).openapi({ description: "Per view" }),
    completion: share.openapi({ description: "Share of the views that reached the end" }),
    startupMs: z
      .object({ p50: count.nullable(), p95: count.nullable() })
      .openapi({ description: "Milliseconds from pressing play to the first frame; null while unknown" }),
    stallRatio: share.openapi({ description: "Share of the time that was spent waiting for more" }),
    days: z.array(z.object({ day: z.iso.date(), ...day }).openapi("AudienceDay")),
    retention: z.array(share).length(RETENTION_STEPS).openapi({
      description: "For each hundredth of the video, the share of the views that played it",
    }),
    places: z
      .array(z.object({ origin: z.string(), views: count }))
      .max(MAX_PLACES)
      .openapi({
        description: "Sites that framed the player or led to it; the one with the most views first",
      }),
    devices: z.array(z.object({ kind: z.enum(DEVICES), views: count })),
  })
  .openapi("Audience");
export type Audience = z.infer<typeof audienceSchema>;
