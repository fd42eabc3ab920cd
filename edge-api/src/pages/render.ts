/** Renders the dashboard's pages with web's server bundle, under a policy with one nonce per response. */
import dashboard from "@storagex/web/handler";
import { newNonce, pagePolicy } from "../http/page-policy.ts";

/** Renders a page. Overwrites the nonce header that the client may have sent. */
export async function answerPage(request: Request, mediaOrigin: string | undefined): Promise<Response> {
  const nonce = newNonce();
  const asked = new Request(request);
  asked.headers.set("x-storagex-nonce", nonce);
  const rendered = await dashboard.fetch(asked);
  const headers = new Headers(rendered.headers);
  if (headers.get("content-type")?.startsWith("text/html")) {
    headers.set("content-type", "text/html; charset=utf-8");
  }
  headers.set("cache-control", "no-store");
  headers.set("content-security-policy", pagePolicy({ nonce, mediaOrigin }));
  return new Response(request.method === "HEAD" ? null : rendered.body, { status: rendered.status, headers });
}
