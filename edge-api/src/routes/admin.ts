/** Routes by which administrators manage users. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { userOf } from "../http/principal.ts";
import { deleteUser } from "../identity/delete-account.ts";
import { listUsers } from "../identity/users.ts";

/** Mounts `/v1/admin/users`. */
export function mountAdmin(app: App): void {
  app.openapi(publicRoutes.adminUsers, async (c) =>
    c.json(await listUsers(c.get("db"), c.req.valid("query")), 200),
  );

  app.openapi(publicRoutes.adminDeleteUser, async (c) => {
    await deleteUser(edgeOf(c), userOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
