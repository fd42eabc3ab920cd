/** Renders the dashboard's pages with web's server bundle, under a policy with one nonce per response. */
import type { Language } from "@storagex/contract/language";
import dashboard from "@storagex/web/handler";
import { newNonce, pagePolicy } from "../http/answers/page-policy.ts";
import { LANGUAGE_VARY } from "../http/language.ts";
import { bodyFor } from "./body-for.ts";

/** Renders a page. Overwrites the headers of nonce and language that the client may have sent. */
export async function answerPage(
  request: Request,
  language: Language,
  mediaOrigin: string | undefined,
): Promise<Response> {
  const nonce = newNonce();
  const asked = new Request(request);
  asked.headers.set("x-storagex-nonce", nonce);
  asked.headers.set("x-storagex-language", language);
  const rendered = await dashboard.fetch(asked);
  const headers = new Headers(rendered.headers);
  if (headers.get("content-type")?.startsWith("text/html")) {
    headers.set("content-type", "text/html; charset=utf-8");
  }
  headers.set("cache-control", "no-store");
  headers.append("vary", LANGUAGE_VARY);
  headers.set("content-security-policy", pagePolicy({ nonce, mediaOrigin }));
  return new Response(await bodyFor(request, rendered), { status: rendered.status, headers });
}
