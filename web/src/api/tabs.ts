/**
 * Messages between tabs of one browser about the session. The token is sent in memory only, never through
 * storage.
 */
import * as z from "zod/mini";

const messageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("token"), accessToken: z.string(), expiresAt: z.number() }),
  z.object({ kind: z.literal("signed-out") }),
  z.object({ kind: z.literal("signed-in") }),
  z.object({ kind: z.literal("may-i-refresh") }),
  z.object({ kind: z.literal("i-am-refreshing") }),
]);
export type TabMessage = z.infer<typeof messageSchema>;

const channel =
  import.meta.env.SSR || typeof BroadcastChannel === "undefined"
    ? undefined
    : new BroadcastChannel("storagex.session");

export function notifyTabs(message: TabMessage): void {
  channel?.postMessage(message);
}

/** Calls back for every message of another tab; returns a function that stops it. */
export function onTabMessage(listen: (message: TabMessage) => void): () => void {
  const read = (event: MessageEvent<unknown>) => {
    const message = messageSchema.safeParse(event.data);
    if (message.success) listen(message.data);
  };
  channel?.addEventListener("message", read);
  return () => channel?.removeEventListener("message", read);
}

/** Resolves with the first message of those kinds, or undefined after `milliseconds`. */
export function nextTabMessage<K extends TabMessage["kind"]>(
  kinds: readonly K[],
  milliseconds: number,
): Promise<TabMessage | undefined> {
  return new Promise((resolve) => {
    const settle = (message?: TabMessage) => {
      clearTimeout(timer);
      stop();
      resolve(message);
    };
    const stop = onTabMessage((message) => {
      if (kinds.some((kind) => kind === message.kind)) settle(message);
    });
    const timer = setTimeout(settle, milliseconds);
  });
}
