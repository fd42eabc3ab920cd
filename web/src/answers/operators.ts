/** The running installation, and who did what in it. */
import { auditPageSchema } from "@storagex/contract/accounts/audit-log";
import {
  adminWorkerSchema,
  adminWorkersSchema,
  failurePageSchema,
  queueSchema,
  retriedSchema,
} from "@storagex/contract/operators";
import { adminVideoPageSchema } from "@storagex/contract/videos/video";
import type { AnswerOf } from "./answer.ts";

export const auditPage: AnswerOf<typeof auditPageSchema> = auditPageSchema;
export const failurePage: AnswerOf<typeof failurePageSchema> = failurePageSchema;
export const queue: AnswerOf<typeof queueSchema> = queueSchema;
export const retried: AnswerOf<typeof retriedSchema> = retriedSchema;
export const worker: AnswerOf<typeof adminWorkerSchema> = adminWorkerSchema;
export const workers: AnswerOf<typeof adminWorkersSchema> = adminWorkersSchema;
export const adminVideoPage: AnswerOf<typeof adminVideoPageSchema> = adminVideoPageSchema;
