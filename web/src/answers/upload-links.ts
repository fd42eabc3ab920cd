/** Upload links of one's own. */
import { uploadLinkPageSchema, uploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import type { AnswerOf } from "./answer.ts";

export const uploadLink: AnswerOf<typeof uploadLinkSchema> = uploadLinkSchema;
export const uploadLinkPage: AnswerOf<typeof uploadLinkPageSchema> = uploadLinkPageSchema;
