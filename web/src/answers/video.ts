/** Acts on videos, and what the page of one reads. */
import { addedCaptionsSchema } from "@storagex/contract/videos/captions";
import { playablePlaybackSchema, sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { posterUploadSchema } from "@storagex/contract/videos/poster";
import { statisticsSchema } from "@storagex/contract/videos/statistics";
import { videoDetailSchema, videoSchema } from "@storagex/contract/videos/video";
import { bulkAnswerSchema } from "@storagex/contract/videos/video-bulk";
import type { AnswerOf } from "./answer.ts";

export const addedCaptions: AnswerOf<typeof addedCaptionsSchema> = addedCaptionsSchema;
export const playback: AnswerOf<typeof playablePlaybackSchema> = playablePlaybackSchema;
export const source: AnswerOf<typeof sourceAnswerSchema> = sourceAnswerSchema;
export const posterUpload: AnswerOf<typeof posterUploadSchema> = posterUploadSchema;
export const statistics: AnswerOf<typeof statisticsSchema> = statisticsSchema;
export const video: AnswerOf<typeof videoSchema> = videoSchema;
export const videoDetail: AnswerOf<typeof videoDetailSchema> = videoDetailSchema;
export const bulk: AnswerOf<typeof bulkAnswerSchema> = bulkAnswerSchema;
