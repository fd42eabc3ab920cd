/** What the library reads at once. */
import { liveEventSchema } from "@storagex/contract/events";
import { storedPartsSchema } from "@storagex/contract/uploads/upload";
import { videoPageSchema } from "@storagex/contract/videos/video";
import { tagsAnswerSchema } from "@storagex/contract/videos/video-lists";
import type { AnswerOf } from "./answer.ts";

export const liveEvent: AnswerOf<typeof liveEventSchema> = liveEventSchema;
export const storedParts: AnswerOf<typeof storedPartsSchema> = storedPartsSchema;
export const tags: AnswerOf<typeof tagsAnswerSchema> = tagsAnswerSchema;
export const videoPage: AnswerOf<typeof videoPageSchema> = videoPageSchema;
