/** The door of live changes: one's own, or everybody's for an admin. */
import { publicRoutes } from "@storagex/contract/routes/public";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { App } from "../app-env.ts";
import { query } from "../db/connect.ts";
import { isAdmin } from "../db/scope.ts";
import { subscribe } from "../live/publish.ts";

/** Mounts `/v1/events`. */
export function mountLive(app: App): void {
  app.openapi(publicRoutes.events, async (c) => {
    const { userId } = c.get("user");
    const [row] = await query(
      c.get("db"),
      sql`SELECT ${isAdmin(userId)} AS admin`,
      z.object({ admin: z.boolean() }),
    );
    const stream = await subscribe(
      c.env,
      { userId, admin: row?.admin ?? false },
      c.req.header("last-event-id"),
    );
    return new Response(stream.body, stream);
  });
}
