/** The dashboard's pages: web's built server side renders them here, under a policy of one nonce per answer. */
import dashboard from "@storagex/web/handler";
import { newNonce, pagePolicy } from "../http/page-policy.ts";

/** Renders a page. What the client sent under the nonce's header is overwritten. */
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
