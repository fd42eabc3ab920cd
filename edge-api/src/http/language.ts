/** The language of a page: what was chosen in this browser, else the first of the browser's own that there is. */
import { LANGUAGE_COOKIE, type Language, languageOf } from "@storagex/contract/language";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { parseAccept } from "hono/utils/accept";

/** What a page's language depends on, for its `Vary` header. */
export const LANGUAGE_VARY = "accept-language, cookie";

export function languageOfPage(c: Context): Language {
  const accepted = parseAccept(c.req.header("accept-language") ?? "").filter(({ q }) => q > 0);
  return languageOf([getCookie(c, LANGUAGE_COOKIE) ?? "", ...accepted.map(({ type }) => type)]);
}
