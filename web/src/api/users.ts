/** Calls about everybody's accounts, for admins. */
import { adminUserSchema } from "@storagex/contract/account";
import { z } from "zod";
import { api, read, settle } from "./client.ts";

const userPageSchema = z.object({ items: z.array(adminUserSchema), nextCursor: z.string().nullable() });

export const adminListUsers = (q: string, cursor: string | null) =>
  read(
    userPageSchema,
    api.v1.admin.users.$get({ query: { limit: "24", ...(cursor && { cursor }), ...(q && { q }) } }),
  );

export const adminDeleteUser = (id: string) => settle(api.v1.admin.users[":id"].$delete({ param: { id } }));
