/**
 * What a completed video was made of and what that cost: the response of `GET /v1/videos/{id}/statistics`.
 */
import { z } from "@hono/zod-openapi";

/**
 * Max points of one rendition's curves, and max spans of the encode: enough for a plot, bounded for a video
 * of any length.
 */
export const MAX_POINTS = 300;

const bitrate = (description: string) => z.number().int().min(0).openapi({ description });
const seconds = (description: string) => z.number().min(0).nullable().openapi({ description });
const cost = {
  cpuSeconds: seconds("Processor time (user + system, all cores) of the attempts that succeeded, seconds"),
  wallSeconds: seconds(
    "Working time of the attempts that succeeded, added up over the tasks, seconds: two that ran side by side for a minute are two minutes",
  ),
};
const size = z.number().int().min(0).openapi({ description: "Bytes of all objects" });
const averageBitrate = bitrate("Bits per second over the whole length");
const peakBitrate = bitrate("Bits per second of the largest segment (about two seconds)");

export const renditionStatisticsSchema = z.object({
  name: z.string(),
  codec: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  copied: z.boolean().openapi({ description: "Holds the source's own frames, without a second encode" }),
  size,
  averageBitrate,
  peakBitrate,
  ssim: z.number().min(0).max(1).nullable().openapi({
    description:
      "Likeness to the source (SSIM over all planes, at the rendition's size), the mean of up to three samples of a second; null where it could not be measured",
  }),
  bitrates: z
    .array(bitrate("Bits per second"))
    .openapi({ description: "One value per `interval`, from the start" }),
});

export const loudnessSchema = z.number().nullable().openapi({
  description:
    "Integrated loudness as it is played (EBU R128), LUFS; null for silence, or before it was measured",
  example: -23.1,
});

export const soundStatisticsSchema = z.object({
  name: z.string(),
  codec: z.string(),
  language: z.string().nullable(),
  size,
  averageBitrate,
  peakBitrate,
  loudness: loudnessSchema,
});

export const STAGES = ["plan", "encode", "audio", "finish"] as const;
export const stageStatisticsSchema = z.object({
  stage: z.enum(STAGES),
  tasks: z.number().int().openapi({ description: "Tasks of this kind; the encode has one per chunk" }),
  ...cost,
  elapsedSeconds: seconds("From the first claim to the last success, seconds"),
  speed: z.number().min(0).nullable().openapi({
    description: "Seconds of video per elapsed second, all workers together",
  }),
});

export const encodeSpanSchema = z.object({
  from: z.number().openapi({ description: "Seconds on the timeline" }),
  to: z.number(),
  ...cost,
  speed: z.number().min(0).nullable().openapi({
    description: "Seconds of video per second of working time: how fast one worker was",
  }),
});

export const statisticsSchema = z
  .object({
    duration: z.number().openapi({ description: "Seconds" }),
    interval: z.number().positive().openapi({ description: "Seconds that each of `bitrates` stands for" }),
    renditions: z.array(renditionStatisticsSchema),
    sound: z.array(soundStatisticsSchema),
    stages: z.array(stageStatisticsSchema),
    spans: z.array(encodeSpanSchema).openapi({
      description: `The encode along the timeline: a span per chunk, or per some chunks where there are more than ${MAX_POINTS}`,
    }),
  })
  .openapi("Statistics");
export type Statistics = z.infer<typeof statisticsSchema>;
