/** Authenticates a worker: `Authorization: Worker <id.secret>`, compared in constant time. */
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { hashOf } from "../../keys/random.ts";
import { sameText } from "../../keys/same-text.ts";
import { problem } from "../../problem/problem.ts";

/** Compared with if no worker has that id, so that an unknown id takes equally long. */
const NOBODY = "0".repeat(64);

/** The id of the worker that the credential belongs to. Throws `internal.token_invalid`. */
export async function workerOf(c: Context<AppEnv>): Promise<string> {
  const header = c.req.header("authorization") ?? "";
  const [, id = "", secret] = /^Worker ([\w.-]{1,64})\.([\w-]{16,200})$/.exec(header) ?? [];
  const known = c.get("config").STORAGEX_WORKER_CREDENTIALS.get(id);
  const isSame = sameText(await hashOf(secret ?? ""), known ?? NOBODY);
  if (!known || !isSame) throw problem("internal.token_invalid");
  return id;
}
