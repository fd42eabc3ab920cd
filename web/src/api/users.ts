/** API calls for everybody's accounts, for admins. */
import {
  adminUserPageSchema,
  adminUserSchema,
  type ChangeUser,
  invitationSchema,
  type inviteRequestSchema,
  resetLinkSchema,
} from "@storagex/contract/account";
import type { z } from "zod";
import { api, read, settle } from "./client.ts";

export const adminListUsers = (q: string, cursor: string | null) =>
  read(
    adminUserPageSchema,
    api.v1.admin.users.$get({ query: { limit: "24", ...(cursor && { cursor }), ...(q && { q }) } }),
  );

export const adminDeleteUser = (id: string) => settle(api.v1.admin.users[":id"].$delete({ param: { id } }));

/** Makes an account; its answer holds the one-time link, which is not shown again. */
export const inviteUser = (body: z.input<typeof inviteRequestSchema>) =>
  read(invitationSchema, api.v1.admin.users.$post({ json: body }));
export const linkForUser = (id: string) =>
  read(resetLinkSchema, api.v1.admin.users[":id"].reset.$post({ param: { id } }));
export const changeUser = (id: string, change: ChangeUser) =>
  read(adminUserSchema, api.v1.admin.users[":id"].$patch({ param: { id }, json: change }));
