/** JSON answers with an ETag of what they show, for clients that ask again (RFC 9110, section 13). */
import type { Context, TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { AppEnv } from "../../app-env.ts";
import { etagOf, isNamed } from "./etag.ts";

/** By value: some are shared by all that read them, as long as nothing of them changes. */
const known = new WeakMap<object, { text: string; hash: string }>();

async function textOf(value: object): Promise<{ text: string; hash: string }> {
  const before = known.get(value);
  if (before) return before;
  const text = JSON.stringify(value);
  const made = { text, hash: await etagOf(text) };
  known.set(value, made);
  return made;
}

/**
 * Answers 200 with `value`, or 304 without a body where `If-None-Match` names its tag. The tag begins with the
 * video's `revision` where one is given, so that `If-Match` takes it too. Nobody may change `value` after this.
 */
export async function conditionalJson<T extends object>(
  c: Context<AppEnv>,
  value: T,
  revision?: number,
): Promise<Response & TypedResponse<JSONParsed<T>, 200, "json">> {
  const { text, hash } = await textOf(value);
  const etag = revision === undefined ? hash : `"${revision}-${hash.slice(1)}`;
  const answer: Response = isNamed(c.req.header("if-none-match"), etag)
    ? c.body(null, 304, { etag })
    : c.body(text, 200, { etag, "content-type": "application/json" });
  // Hono types a response by `c.json`, which would write the text a second time.
  return answer as Response & TypedResponse<JSONParsed<T>, 200, "json">;
}
