/** The Worker's side of the hub: tells it of changes, and opens a stream from it. */
import type { LiveEvent } from "@storagex/contract/events";
import type { Env } from "../config.ts";
import { log, reasonOf } from "../http/log.ts";

/** The object that hears everybody's changes. User ids never look like it. */
const ADMINS = "admin";

/** Tells the owner's dashboards and the admins'. Never throws: clients that miss an event poll. */
export async function publish(env: Env, ownerId: string, event: LiveEvent): Promise<void> {
  const body = JSON.stringify(event);
  const tell = async (name: string): Promise<void> => {
    const response = await hubOf(env, name).fetch("https://hub/publish", { method: "POST", body });
    if (!response.ok) throw new Error(`the hub answered ${response.status}`);
  };
  for (const told of await Promise.allSettled([tell(`user:${ownerId}`), tell(ADMINS)])) {
    if (told.status === "rejected")
      log("warn", "an event did not reach the hub", { reason: reasonOf(told.reason) });
  }
}

/** Opens the stream of one user, or of everybody for an admin; `lastEventId` as the client sent it. */
export function subscribe(
  env: Env,
  who: { userId: string; sessionId: string; admin: boolean },
  lastEventId: string | undefined,
): Promise<Response> {
  const url = new URL("https://hub/subscribe");
  url.searchParams.set("session", who.sessionId);
  if (who.admin) url.searchParams.set("admin", "1");
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  return hubOf(env, who.admin ? ADMINS : `user:${who.userId}`).fetch(url, { headers });
}

function hubOf(env: Env, name: string): DurableObjectStub {
  return env.HUB.get(env.HUB.idFromName(name));
}
