/**
 * The access token: in memory only, renewed by the refresh cookie, once at a time across all tabs of the
 * browser.
 */
import { failureOf, unreachable } from "./api-error.ts";
import { noteReached } from "./network.ts";
import { nextTabMessage, notifyTabs, onTabMessage } from "./tabs.ts";

type Held = { value: string; expiresAt: number };

/** A token that ends within this many milliseconds counts as expired: the call needs time too. */
const MARGIN = 20_000;

let held: Held | undefined;
let flight: Promise<string | undefined> | undefined;
let refreshing = false;

onTabMessage((message) => {
  if (message.kind === "token") held = { value: message.accessToken, expiresAt: message.expiresAt };
  if (message.kind === "signed-out") held = undefined;
  if (message.kind === "may-i-refresh" && refreshing) notifyTabs({ kind: "i-am-refreshing" });
});

/** Keeps a token that the API just issued; `expiresIn` in seconds. */
export function holdToken(token: { accessToken: string; expiresIn: number }): string {
  const expiresAt = Date.now() + token.expiresIn * 1_000;
  held = { value: token.accessToken, expiresAt };
  notifyTabs({ kind: "token", accessToken: token.accessToken, expiresAt });
  return token.accessToken;
}

export function dropToken(): void {
  held = undefined;
}

/**
 * A token that is valid now; undefined when nobody is signed in. `refused` is one that the API did not
 * accept: it is not used again. Throws ApiError when the server cannot be reached.
 */
export async function accessToken(refused?: string): Promise<string | undefined> {
  if (held && held.value === refused) held = undefined;
  if (fresh()) return held?.value;
  flight ??= oneTabAtATime(refresh).finally(() => {
    flight = undefined;
  });
  return flight;
}

const fresh = () => held !== undefined && held.expiresAt - Date.now() > MARGIN;

async function refresh(): Promise<string | undefined> {
  // Another tab may have refreshed while this one waited for the lock.
  if (fresh()) return held?.value;
  refreshing = true;
  try {
    const response = await fetch("/v1/auth/refresh", { method: "POST" }).catch(() => {
      noteReached(false);
      throw unreachable();
    });
    noteReached(true);
    if (response.status === 401 || response.status === 403) {
      held = undefined;
      // A body that nobody reads keeps its connection.
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) throw await failureOf(response);
    const { tokenSchema } = await import("@storagex/contract/account");
    return holdToken(tokenSchema.parse(await response.json()));
  } finally {
    refreshing = false;
  }
}

/**
 * Web Locks exist in secure contexts only. Elsewhere the tabs ask each other, which suffices: a used refresh
 * token has a grace period.
 */
async function oneTabAtATime(act: () => Promise<string | undefined>): Promise<string | undefined> {
  if (navigator.locks) return navigator.locks.request("storagex.refresh", act);
  notifyTabs({ kind: "may-i-refresh" });
  const busy = await nextTabMessage(["i-am-refreshing", "token"], 60);
  if (busy?.kind === "i-am-refreshing") await nextTabMessage(["token", "signed-out"], 5_000);
  return act();
}
