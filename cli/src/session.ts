/** What each command needs: the client of the StorageX that one is signed in to. */
import { type Client, createClient } from "@storagex/client";
import { readLogin } from "./config.ts";
import { outputClosed } from "./print.ts";

export type Session = { client: Client; url: string };

export async function openSession(): Promise<Session> {
  const { url, apiKey } = await readLogin();
  return { client: createClient({ baseUrl: url, apiKey }), url };
}

/** Ends with Ctrl-C, or when nobody reads the output any more; a second Ctrl-C ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  outputClosed.addEventListener("abort", () => controller.abort());
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
}
