/**
 * The access token: in memory only, renewed by the refresh cookie, once at a time across all tabs of the
 * browser.
 */
import { failureOf, unreachable } from "./api-error.ts";
import { limitedFetch } from "./limited-fetch.ts";
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
  noteLast("in");
  const expiresAt = Date.now() + token.expiresIn * 1_000;
  held = { value: token.accessToken, expiresAt };
  notifyTabs({ kind: "token", accessToken: token.accessToken, expiresAt });
  return token.accessToken;
}

export function dropToken(): void {
  held = undefined;
  noteLast("out");
}

/**
 * In this browser's storage: whether somebody was signed in here at last. Where nobody was, pages need not ask the
 * API, whose 401 would stand in the console at every load. Without storage they ask.
 */
const LAST = "storagex.session";

function noteLast(state: "in" | "out"): void {
  try {
    localStorage.setItem(LAST, state);
  } catch {
    // Blocked storage costs a call.
  }
}

/** Whether this browser may hold a session: by what was noted, else by asking whether it sends a token. */
async function mayBeSignedIn(): Promise<boolean> {
  const last = lastState();
  if (last !== null) return last === "in";
  const response = await reach(limitedFetch("/v1/auth/session"));
  // A server of an earlier release does not know the question.
  if (!response.ok) return true;
  // Only a clear no counts. Checked here: the answers' schemas would be half of this page's script.
  const answer: unknown = await response.json();
  const isNo =
    typeof answer === "object" && answer !== null && "presented" in answer && answer.presented === false;
  return !isNo;
}

function lastState(): string | null {
  try {
    return localStorage.getItem(LAST);
  } catch {
    return null;
  }
}

/** Throws ApiError when the server cannot be reached. */
async function reach(call: Promise<Response>): Promise<Response> {
  const response = await call.catch(() => {
    noteReached(false);
    throw unreachable();
  });
  noteReached(true);
  return response;
}

/**
 * A token that is valid now; undefined when nobody is signed in. `refused` is one that the API did not
 * accept: it is not used again. Throws ApiError when the server cannot be reached.
 */
export async function accessToken(refused?: string): Promise<string | undefined> {
  if (held && held.value === refused) held = undefined;
  const token = freshToken();
  if (token) return token;
  flight ??= oneTabAtATime(refresh).finally(() => {
    flight = undefined;
  });
  return flight;
}

const freshToken = () => (held && held.expiresAt - Date.now() > MARGIN ? held.value : undefined);

/** False as soon as somebody has signed out here or in another tab. */
export const holdsToken = (): boolean => held !== undefined;

async function refresh(): Promise<string | undefined> {
  // Another tab may have refreshed while this one waited for the lock.
  const renewed = freshToken();
  if (renewed) return renewed;
  // Below, a fresh token is of somebody who signed in while the answer was awaited: that answer is older.
  if (!(await mayBeSignedIn())) return freshToken();
  refreshing = true;
  try {
    // Limited, because other tabs wait for it.
    const response = await reach(limitedFetch("/v1/auth/refresh", { method: "POST" }));
    if (response.status === 401 || response.status === 403) {
      // A body that nobody reads keeps its connection.
      await response.body?.cancel();
      const entered = freshToken();
      if (entered) return entered;
      held = undefined;
      if (response.status === 401) noteLast("out");
      return undefined;
    }
    if (!response.ok) throw await failureOf(response);
    const { token } = await import("../answers/session.ts");
    return holdToken(token.parse(await response.json()));
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
