/** The doors that only admins may open; the guard reads the role from the database (app.ts mounts it before). */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../edge.ts";
import { deleteUser } from "../identity/delete-account.ts";
import { listUsers } from "../identity/users.ts";

/** Mounts `/v1/admin/users`. */
export function mountAdmin(app: App): void {
  app.openapi(publicRoutes.adminUsers, async (c) =>
    c.json(await listUsers(c.get("db"), c.req.valid("query")), 200),
  );

  app.openapi(publicRoutes.adminDeleteUser, async (c) => {
    await deleteUser(edgeOf(c), c.get("user").userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
