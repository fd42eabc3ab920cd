/** What an upload by a link reads. */
import { linkedTicketSchema } from "@storagex/contract/upload";
import { linkedVideoSchema } from "@storagex/contract/video";
import type { AnswerOf } from "./answer.ts";

export const linkedTicket: AnswerOf<typeof linkedTicketSchema> = linkedTicketSchema;
export const linkedVideo: AnswerOf<typeof linkedVideoSchema> = linkedVideoSchema;
