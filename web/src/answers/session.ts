/** Who is signed in. */
import { accountLinkSchema, meSchema, sessionSchema, tokenSchema } from "@storagex/contract/accounts/account";
import type { AnswerOf } from "./answer.ts";

export const token: AnswerOf<typeof tokenSchema> = tokenSchema;
export const me: AnswerOf<typeof meSchema> = meSchema;
export const opened: AnswerOf<typeof sessionSchema> = sessionSchema;
export const accountLink: AnswerOf<typeof accountLinkSchema> = accountLinkSchema;
