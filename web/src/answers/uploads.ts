/** What the upload engine reads. */
import { foundPartsSchema, partUrlsSchema, ticketSchema } from "@storagex/contract/uploads/upload";
import { videoSchema } from "@storagex/contract/videos/video";
import type { AnswerOf } from "./answer.ts";

export const foundParts: AnswerOf<typeof foundPartsSchema> = foundPartsSchema;
export const partUrls: AnswerOf<typeof partUrlsSchema> = partUrlsSchema;
export const ticket: AnswerOf<typeof ticketSchema> = ticketSchema;
export const video: AnswerOf<typeof videoSchema> = videoSchema;
