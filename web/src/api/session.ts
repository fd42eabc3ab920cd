/**
 * Who is signed in, as one signal that every page reads. `unknown` until the browser has asked the API;
 * always on the server.
 */
import type {
  AccountLink,
  changePasswordRequestSchema,
  joinRequestSchema,
  loginRequestSchema,
  Me,
  Session as OpenSession,
  registerRequestSchema,
  setupRequestSchema,
  UpdateMe,
} from "@storagex/contract/accounts/account";
import { createSignal } from "solid-js";
import type { z } from "zod";
import { adoptLanguage } from "../messages/choose.ts";
import { needSignedIn } from "../messages/words.ts";
import { accessToken, dropToken, holdsToken, holdToken } from "./access-token.ts";
import { api, onSessionEnd, openApi, read, settle } from "./client.ts";
import { tryNow } from "./network.ts";
import { notifyTabs, onTabMessage } from "./tabs.ts";

/** Loaded when an answer is to be read: a signed-out page does without. */
const answers = () => import("../answers/session.ts");
const meAnswer = () => answers().then((all) => all.me);

export type Session =
  | { kind: "unknown" }
  /** `ended`: somebody was signed in, and the session ended by itself. `left`: they signed out. */
  | { kind: "out"; ended?: boolean; left?: boolean }
  | { kind: "in"; me: Me }
  | { kind: "unreachable" };

const [session, setSession] = createSignal<Session>({ kind: "unknown" });

export { session };

/** The signed-in account, or undefined. */
export const me = (): Me | undefined => {
  const now = session();
  return now.kind === "in" ? now.me : undefined;
};

// Every query and act leads to the sign-in page from here, and back to where it was.
onSessionEnd(() => {
  if (session().kind === "in") setSession({ kind: "out", ended: true });
});

/**
 * Asks the API who is signed in; called once when the page hydrates, and again after changes in other tabs.
 */
export async function findSession(): Promise<void> {
  try {
    if (await accessToken()) {
      await refreshMe();
      tryNow();
    } else setSession({ kind: "out" });
  } catch {
    if (session().kind === "unknown") setSession({ kind: "unreachable" });
  }
}

/** Fetches the account again, for the bytes used. */
export async function refreshMe(): Promise<void> {
  const [found] = await Promise.all([read(meAnswer(), api.v1.me.$get()), needSignedIn()]);
  if (!holdsToken()) return;
  if (session().kind !== "in") await adoptLanguage(found.language);
  setSession({ kind: "in", me: found });
}

let lastChange: Promise<unknown> = Promise.resolve();

/**
 * Changes the account, and what the pages show of it: after the changes before, whose order counts. `changes` is
 * called when it is its turn. Throws ApiError, and nothing is changed.
 */
export function changeMe(changes: () => UpdateMe): Promise<void> {
  const change = lastChange.then(async () => {
    const changed = await read(meAnswer(), api.v1.me.$patch({ json: changes() }));
    if (session().kind === "in") setSession({ kind: "in", me: changed });
  });
  lastChange = change.catch(() => undefined);
  return change;
}

/** Follows sign-ins and sign-outs in other tabs; returns a function that stops it. */
export function followTabs(): () => void {
  return onTabMessage((message) => {
    if (message.kind === "signed-out") setSession({ kind: "out", left: true });
    if (message.kind === "signed-in") void findSession();
  });
}

export async function login(body: z.input<typeof loginRequestSchema>): Promise<void> {
  await enter(openApi.v1.auth.login.$post({ json: body }));
}
export async function register(body: z.input<typeof registerRequestSchema>): Promise<void> {
  await enter(openApi.v1.auth.register.$post({ json: body }));
}
export async function setUp(body: z.input<typeof setupRequestSchema>): Promise<void> {
  await enter(openApi.v1.auth.setup.$post({ json: body }));
}
/** Sets the password by an invitation or reset link, and signs in. */
export async function join(body: z.input<typeof joinRequestSchema>): Promise<void> {
  await enter(openApi.v1.auth.join.$post({ json: body }));
}
/** Whose password the link sets. Throws ApiError `account.link_invalid`, `account.disabled`. */
export const readLink = (token: string): Promise<AccountLink> =>
  read(
    answers().then((all) => all.accountLink),
    openApi.v1.auth.link.$post({ json: { token } }),
  );

async function enter(call: Parameters<typeof settle>[0]): Promise<void> {
  const opened: OpenSession = await read(
    answers().then((all) => all.opened),
    call,
  );
  holdToken(opened);
  await refreshMe();
  tryNow();
  notifyTabs({ kind: "signed-in" });
}

/** Ends the session here and in every tab. Throws ApiError when the call fails: then nobody is signed out. */
export async function logout(): Promise<void> {
  await settle(openApi.v1.auth.logout.$post());
  leave();
}

/**
 * Changes the password; sessions of other browsers end, this one stays. Throws ApiError, and nothing is
 * changed.
 */
export const changePassword = (body: z.input<typeof changePasswordRequestSchema>): Promise<void> =>
  settle(api.v1.me.password.$post({ json: body }));

/** Deletes the account and signs out every tab. Throws ApiError, and nothing is deleted. */
export async function deleteAccount(password: string): Promise<void> {
  await settle(api.v1.me.delete.$post({ json: { password } }));
  leave();
}

function leave(): void {
  dropToken();
  notifyTabs({ kind: "signed-out" });
  setSession({ kind: "out", left: true });
}
