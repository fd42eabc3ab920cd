/** What an upload by a link reads. */
import { linkedTicketSchema } from "@storagex/contract/uploads/upload";
import { linkedVideoSchema } from "@storagex/contract/videos/video";
import type { AnswerOf } from "./answer.ts";

export const linkedTicket: AnswerOf<typeof linkedTicketSchema> = linkedTicketSchema;
export const linkedVideo: AnswerOf<typeof linkedVideoSchema> = linkedVideoSchema;
