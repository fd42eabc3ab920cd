/** API calls for everybody's accounts, for admins. */
import type { ChangeUser, inviteRequestSchema } from "@storagex/contract/accounts/account";
import type { z } from "zod";
import * as answers from "../../answers/account.ts";
import { api, read, settle } from "../client.ts";

export const adminListUsers = (q: string, cursor: string | null) =>
  read(
    answers.adminUserPage,
    api.v1.admin.users.$get({ query: { limit: "24", ...(cursor && { cursor }), ...(q && { q }) } }),
  );

export const adminDeleteUser = (id: string) => settle(api.v1.admin.users[":id"].$delete({ param: { id } }));

/** Makes an account; its answer holds the one-time link, which is not shown again. */
export const inviteUser = (body: z.input<typeof inviteRequestSchema>) =>
  read(answers.invitation, api.v1.admin.users.$post({ json: body }));
export const linkForUser = (id: string) =>
  read(answers.resetLink, api.v1.admin.users[":id"].reset.$post({ param: { id } }));
export const changeUser = (id: string, change: ChangeUser) =>
  read(answers.adminUser, api.v1.admin.users[":id"].$patch({ param: { id }, json: change }));
