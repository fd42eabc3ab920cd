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
} from "@storagex/contract/account";
import { createSignal } from "solid-js";
import type { z } from "zod";
import { accessToken, dropToken, holdToken } from "./access-token.ts";
import { api, onSessionEnd, openApi, read, settle } from "./client.ts";
import { tryNow } from "./network.ts";
import { notifyTabs, onTabMessage } from "./tabs.ts";

/** Loaded when an answer is to be read: a signed-out page does without. */
const schemas = () => import("@storagex/contract/account");
const meSchema = () => schemas().then((all) => all.meSchema);
const sessionSchema = () => schemas().then((all) => all.sessionSchema);

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
  setSession({ kind: "in", me: await read(meSchema(), api.v1.me.$get()) });
}

/** Changes the account, and what the pages show of it. Throws ApiError, and nothing is changed. */
export async function changeMe(changes: UpdateMe): Promise<void> {
  const changed = await read(meSchema(), api.v1.me.$patch({ json: changes }));
  if (session().kind === "in") setSession({ kind: "in", me: changed });
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
    schemas().then((all) => all.accountLinkSchema),
    openApi.v1.auth.link.$post({ json: { token } }),
  );

async function enter(call: Parameters<typeof settle>[0]): Promise<void> {
  const opened: OpenSession = await read(sessionSchema(), call);
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
