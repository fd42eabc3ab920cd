/** Routes by which administrators manage users and read who did what. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { listAudit } from "../audit/list.ts";
import { edgeOf } from "../context.ts";
import { userOf } from "../http/principal.ts";
import { deleteUser } from "../identity/delete-account.ts";
import { changeUser, inviteUser, linkFor } from "../identity/manage-users.ts";
import { listUsers } from "../identity/users.ts";

/** Mounts `/v1/admin/users` and `/v1/admin/audit`. */
export function mountAdmin(app: App): void {
  app.openapi(publicRoutes.adminUsers, async (c) =>
    c.json(await listUsers(c.get("db"), c.req.valid("query")), 200),
  );

  app.openapi(publicRoutes.inviteUser, async (c) =>
    c.json(await inviteUser(edgeOf(c), c.req.valid("json")), 201),
  );
  app.openapi(publicRoutes.changeUser, async (c) =>
    c.json(await changeUser(edgeOf(c), c.req.valid("param").id, c.req.valid("json")), 200),
  );
  app.openapi(publicRoutes.resetUser, async (c) =>
    c.json(await linkFor(edgeOf(c), c.req.valid("param").id), 201),
  );

  app.openapi(publicRoutes.adminDeleteUser, async (c) => {
    await deleteUser(edgeOf(c), userOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });

  app.openapi(publicRoutes.adminAudit, async (c) =>
    c.json(await listAudit(c.get("db"), c.req.valid("query")), 200),
  );
}
