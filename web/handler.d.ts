/**
 * The built server side of the dashboard: renders every page as HTML. The header `x-storagex-nonce` is the
 * CSP nonce of inline scripts.
 */
declare const handler: { fetch(request: Request): Response | Promise<Response> };
export default handler;
