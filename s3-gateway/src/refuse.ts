/** Sends an error as S3's XML, so that a client that is still sending can read it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { S3Error } from "./errors.ts";
import { renderXml } from "./xml.ts";

const discardedBytes = 64 * 1024 ** 2;
const discardedMs = 60_000;

/** The error alone, without a body for HEAD and 304. */
export function errorResponse(error: S3Error, headers: Record<string, string>, method?: string): Response {
  if (method === "HEAD" || error.status === 304) return new Response(null, { status: error.status, headers });
  const body = errorBody(error, headers);
  return new Response(body, {
    status: error.status,
    headers: { "Content-Type": "application/xml", ...headers },
  });
}

/**
 * Responds at once. Where a body is still arriving, the response ends only after the rest is read: a client
 * whose connection is cut while it sends sees a broken connection instead of the reason.
 */
export async function refuse(
  error: S3Error,
  headers: Record<string, string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Response> {
  if (!hasBody(incoming) || incoming.complete || incoming.destroyed) {
    return errorResponse(error, headers, incoming.method);
  }
  // A client that waits for 100 Continue will send nothing, so the connection can take no next request.
  if (incoming.headers.expect !== undefined && !incoming.readableDidRead) {
    return errorResponse(error, { ...headers, Connection: "close" }, incoming.method);
  }
  const body = errorBody(error, headers);
  const length = String(Buffer.byteLength(body));
  outgoing.writeHead(error.status, {
    "Content-Type": "application/xml",
    "Content-Length": length,
    ...headers,
  });
  outgoing.write(body);
  await discardBody(incoming);
  outgoing.end();
  return RESPONSE_ALREADY_SENT;
}

/** Reads and discards the rest of a body; past the limits the connection is cut. */
function discardBody(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = discardedBytes;
    const timer = setTimeout(() => incoming.destroy(), discardedMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    incoming.on("end", done).on("close", done).on("error", done);
    incoming.on("data", (bytes: Buffer) => {
      left -= bytes.length;
      if (left < 0) incoming.destroy();
    });
  });
}

function hasBody(incoming: IncomingMessage): boolean {
  return (
    incoming.headers["transfer-encoding"] !== undefined || Number(incoming.headers["content-length"]) > 0
  );
}

function errorBody(error: S3Error, headers: Record<string, string>): string {
  const content = { Code: error.code, Message: error.message, RequestId: headers["x-amz-request-id"] };
  return renderXml("Error", content, false);
}
