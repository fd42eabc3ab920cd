/**
 * Who is signed in, as one signal that every page reads. `unknown` until the browser has asked the API;
 * always on the server.
 */
import {
  type changePasswordRequestSchema,
  type loginRequestSchema,
  type Me,
  meSchema,
  type registerRequestSchema,
  sessionSchema,
  type setupRequestSchema,
} from "@storagex/contract/account";
import { createSignal } from "solid-js";
import type { z } from "zod";
import { accessToken, dropToken, holdToken } from "./access-token.ts";
import { api, onSessionEnd, openApi, read, settle } from "./client.ts";
import { tryNow } from "./network.ts";
import { notifyTabs, onTabMessage } from "./tabs.ts";

export type Session =
  | { kind: "unknown" }
  /** `ended`: somebody was signed in, and the session ended by itself. */
  | { kind: "out"; ended?: boolean }
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
  setSession({ kind: "in", me: await read(meSchema, api.v1.me.$get()) });
}

/** Follows sign-ins and sign-outs in other tabs; returns a function that stops it. */
export function followTabs(): () => void {
  return onTabMessage((message) => {
    if (message.kind === "signed-out") setSession({ kind: "out" });
    if (message.kind === "signed-in") void findSession();
  });
}

export async function login(body: z.input<typeof loginRequestSchema>): Promise<void> {
  await enter(read(sessionSchema, openApi.v1.auth.login.$post({ json: body })));
}
export async function register(body: z.input<typeof registerRequestSchema>): Promise<void> {
  await enter(read(sessionSchema, openApi.v1.auth.register.$post({ json: body })));
}
export async function setUp(body: z.input<typeof setupRequestSchema>): Promise<void> {
  await enter(read(sessionSchema, openApi.v1.auth.setup.$post({ json: body })));
}

async function enter(call: Promise<z.infer<typeof sessionSchema>>): Promise<void> {
  holdToken(await call);
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
  setSession({ kind: "out" });
}
