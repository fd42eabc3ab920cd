/** API keys. */
import { apiKeyListSchema, madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import type { AnswerOf } from "./answer.ts";

export const apiKeyList: AnswerOf<typeof apiKeyListSchema> = apiKeyListSchema;
export const madeApiKey: AnswerOf<typeof madeApiKeySchema> = madeApiKeySchema;
