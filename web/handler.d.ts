/** The built server side of the dashboard: answers every page as HTML. The request header `x-storagex-nonce` names the CSP nonce of its inline scripts. */
declare const handler: { fetch(request: Request): Response | Promise<Response> };
export default handler;
