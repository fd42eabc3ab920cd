/** Who watched a video. */
import { audienceSchema } from "@storagex/contract/audience";
import type { AnswerOf } from "./answer.ts";

export const audience: AnswerOf<typeof audienceSchema> = audienceSchema;
