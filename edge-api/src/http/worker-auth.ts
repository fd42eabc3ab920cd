/** Authenticates a worker: `Authorization: Worker <id.secret>`, compared in constant time. */
import type { Context } from "hono";
import type { AppEnv } from "../app-env.ts";
import { problem } from "../problem/problem.ts";

/** Compared with if no worker has that id, so that an unknown id takes equally long. */
const NOBODY = "0".repeat(64);

/** The id of the worker that the credential belongs to. Throws `internal.token_invalid`. */
export async function workerOf(c: Context<AppEnv>): Promise<string> {
  const header = c.req.header("authorization") ?? "";
  const [, id = "", secret] = /^Worker ([\w.-]{1,64})\.([\w-]{16,200})$/.exec(header) ?? [];
  const known = c.get("config").STORAGEX_WORKER_CREDENTIALS.get(id);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret ?? ""));
  const same = equalBytes(new Uint8Array(digest), fromHex(known ?? NOBODY));
  if (!known || !same) throw problem("internal.token_invalid");
  return id;
}

const fromHex = (text: string) =>
  Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
  );

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let differs = a.length ^ b.length;
  for (const [at, byte] of a.entries()) differs |= byte ^ (b[at] ?? 0);
  return differs === 0;
}
