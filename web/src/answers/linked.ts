/** What the page of an upload link reads first. */
import { shownUploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import type { AnswerOf } from "./answer.ts";

export const shownUploadLink: AnswerOf<typeof shownUploadLinkSchema> = shownUploadLinkSchema;
