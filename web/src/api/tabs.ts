/**
 * Messages between tabs of one browser about the session. The token is sent in memory only, never through
 * storage.
 */
export type TabMessage =
  | { kind: "token"; accessToken: string; expiresAt: number }
  | { kind: "signed-out" | "signed-in" | "may-i-refresh" | "i-am-refreshing" };

/** The message that another tab sent, or undefined. By hand, because zod would be a third of the sign-in page. */
function messageOf(data: unknown): TabMessage | undefined {
  if (typeof data !== "object" || data === null || !("kind" in data)) return undefined;
  switch (data.kind) {
    case "token": {
      const { accessToken, expiresAt } = { accessToken: undefined, expiresAt: undefined, ...data };
      if (typeof accessToken !== "string" || typeof expiresAt !== "number") return undefined;
      return { kind: "token", accessToken, expiresAt };
    }
    case "signed-out":
    case "signed-in":
    case "may-i-refresh":
    case "i-am-refreshing":
      return { kind: data.kind };
    default:
      return undefined;
  }
}

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
    const message = messageOf(event.data);
    if (message) listen(message);
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
