/** The door of live changes: one's own, or everybody's for an admin. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { readIsAdmin } from "../identity/role.ts";
import { subscribe } from "../live/publish.ts";

/** Mounts `/v1/events`. */
export function mountLive(app: App): void {
  app.openapi(publicRoutes.events, async (c) => {
    const { userId } = c.get("user");
    const admin = await readIsAdmin(c.get("db"), userId);
    const stream = await subscribe(c.env, { userId, admin }, c.req.header("last-event-id"));
    return new Response(stream.body, stream);
  });
}
