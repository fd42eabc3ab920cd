/** Route of the live stream: changes of one's own videos, or everybody's for an admin. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { userOf } from "../http/principal.ts";
import { credentialOf } from "../identity/caller.ts";
import { subscribe } from "../live/hubs.ts";

/** Mounts `/v1/events`. */
export function mountLive(app: App): void {
  app.openapi(publicRoutes.events, async (c) => {
    const type = { "content-type": "text/event-stream; charset=utf-8" };
    // A stream that nobody reads would push out one that is read.
    if (c.req.method === "HEAD") return c.body(null, 200, type);
    const { userId, caller, account, reader } = userOf(c);
    const who = {
      userId,
      credential: credentialOf(caller),
      admin: reader.asAdmin && account.role === "admin",
    };
    const stream = await subscribe(c.env, who, c.req.header("last-event-id"));
    return new Response(stream.body, stream);
  });
}
