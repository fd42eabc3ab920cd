/** Names of the hubs and the feed, and the calls between them and the Worker. */
import { liveEventSchema } from "@storagex/contract/events";
import { z } from "zod";
import type { Env } from "../config.ts";

/** The hub that gets everybody's videos. No user id looks like it. */
export const ADMINS = "admin";
export const hubOfUser = (userId: string): string => `user:${userId}`;

/** A hub that has not called `watch` for this long has no open streams. */
export const HUB_ALIVE_MS = 30_000;

/** An event with its position in the table, which clients send back as `Last-Event-ID`. Progress has none. */
export const noticeSchema = z.object({
  cursor: z.object({ xact: z.string(), id: z.number() }).optional(),
  event: liveEventSchema,
});
export type Notice = z.infer<typeof noticeSchema>;

const hub = (env: Env, name: string) => env.HUB.get(env.HUB.idFromName(name));
/** One per replica. */
const feed = (env: Env) => env.FEED.get(env.FEED.idFromName("feed"));

/** Opens the stream of one user, or of everybody for an admin. `lastEventId` is as the client sent it. */
export function subscribe(
  env: Env,
  who: { userId: string; credential: string; admin: boolean },
  lastEventId: string | undefined,
): Promise<Response> {
  const name = who.admin ? ADMINS : hubOfUser(who.userId);
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const url = new URL("https://hub/subscribe");
  url.searchParams.set("hub", name);
  url.searchParams.set("credential", who.credential);
  return hub(env, name).fetch(url, { headers });
}

/** Rejects if the hub did not accept the events. */
export async function publishTo(env: Env, name: string, events: readonly Notice[]): Promise<void> {
  const body = JSON.stringify(events);
  const answer = await hub(env, name).fetch("https://hub/publish", { method: "POST", body });
  if (!answer.ok) throw new Error(`the hub answered ${answer.status}`);
}

/** Registers the hub `name` as having open streams: from now on it gets all changes, for `HUB_ALIVE_MS`. */
export async function watch(env: Env, name: string): Promise<void> {
  const answer = await feed(env).fetch(`https://feed/watch?hub=${encodeURIComponent(name)}`);
  if (!answer.ok) throw new Error(`the feed answered ${answer.status}`);
}

/** Notifies the feed that something may have changed: it polls at once if anybody watches. */
export async function pokeFeed(env: Env): Promise<void> {
  await feed(env).fetch("https://feed/poke");
}
