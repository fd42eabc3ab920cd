/** API calls for everybody's accounts, for admins. */
import { adminUserPageSchema } from "@storagex/contract/account";
import { api, read, settle } from "./client.ts";

export const adminListUsers = (q: string, cursor: string | null) =>
  read(
    adminUserPageSchema,
    api.v1.admin.users.$get({ query: { limit: "24", ...(cursor && { cursor }), ...(q && { q }) } }),
  );

export const adminDeleteUser = (id: string) => settle(api.v1.admin.users[":id"].$delete({ param: { id } }));
