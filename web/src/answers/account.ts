/** Administration of accounts, where one is signed in, and what one's account used. */
import {
  adminUserPageSchema,
  adminUserSchema,
  invitationSchema,
  resetLinkSchema,
  sessionsSchema,
} from "@storagex/contract/accounts/account";
import { usageSchema } from "@storagex/contract/accounts/usage";
import type { AnswerOf } from "./answer.ts";

export const adminUser: AnswerOf<typeof adminUserSchema> = adminUserSchema;
export const adminUserPage: AnswerOf<typeof adminUserPageSchema> = adminUserPageSchema;
export const invitation: AnswerOf<typeof invitationSchema> = invitationSchema;
export const resetLink: AnswerOf<typeof resetLinkSchema> = resetLinkSchema;
export const sessions: AnswerOf<typeof sessionsSchema> = sessionsSchema;
export const usage: AnswerOf<typeof usageSchema> = usageSchema;
