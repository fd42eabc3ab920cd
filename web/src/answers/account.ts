/** Administration of accounts, and where one is signed in. */
import {
  adminUserPageSchema,
  adminUserSchema,
  invitationSchema,
  resetLinkSchema,
  sessionsSchema,
} from "@storagex/contract/account";
import type { AnswerOf } from "./answer.ts";

export const adminUser: AnswerOf<typeof adminUserSchema> = adminUserSchema;
export const adminUserPage: AnswerOf<typeof adminUserPageSchema> = adminUserPageSchema;
export const invitation: AnswerOf<typeof invitationSchema> = invitationSchema;
export const resetLink: AnswerOf<typeof resetLinkSchema> = resetLinkSchema;
export const sessions: AnswerOf<typeof sessionsSchema> = sessionsSchema;
