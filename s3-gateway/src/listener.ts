/**
 * The HTTP listener: one request in, one response out. Everything that touches the connection or the log is
 * here.
 */
import { randomBytes } from "node:crypto";
import { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Logger } from "pino";
import { S3Error } from "./errors.ts";
import { corsHeaders, preflightHeaders } from "./headers/cors.ts";
import type { Answer } from "./operations/call.ts";
import { findOperation } from "./operations/dispatch.ts";
import { Payload } from "./payload.ts";
import { errorResponse, refuse } from "./refuse.ts";
import { readRequest, type S3Request } from "./request.ts";
import { authenticate, type Credentials } from "./signatures/authenticate.ts";
import type { Store } from "./store/store.ts";

export interface ListenerOptions {
  store: Store;
  credentials: Credentials;
  corsOrigin: string[];
  log: Logger;
  /** Milliseconds since 1970. */
  clock: () => number;
}

/** What the log records of a request; never its query, which contains signatures. */
interface Trace {
  id: string;
  operation: string;
  bucket?: string;
  key?: string;
}

/** The listener for Node's `request` and `checkContinue` events. */
export function createListener(options: ListenerOptions): ReturnType<typeof getRequestListener> {
  return getRequestListener(
    (_request, { incoming, outgoing }) => {
      if (!(incoming instanceof IncomingMessage) || !(outgoing instanceof ServerResponse)) {
        throw new Error("HTTP/1.1 only");
      }
      return serve(options, incoming, outgoing);
    },
    {
      errorHandler: () => errorResponse(new S3Error("InvalidURI"), {}),
      // The adapter cuts a connection with an unread body after half a second. `refuse` waits long enough for
      // a browser.
      autoCleanupIncoming: false,
    },
  );
}

async function serve(
  options: ListenerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Response> {
  const started = performance.now();
  const trace: Trace = { id: randomBytes(8).toString("hex"), operation: "none" };
  const cors = corsHeaders(options.corsOrigin, incoming.headers.origin, incoming.method);
  const log = (status: number, code?: string): void => {
    const ms = Math.round(performance.now() - started);
    options.log.info({ ...trace, method: incoming.method, status, code, ms }, "request");
  };
  try {
    const answer = await answerRequest(options, incoming, outgoing, trace);
    const headers = {
      "x-amz-request-id": trace.id,
      "X-Content-Type-Options": "nosniff",
      ...cors,
      ...answer.headers,
    };
    if (answer.stream) {
      await sendStream(options, outgoing, { ...answer, headers, stream: answer.stream });
      log(answer.status);
      return RESPONSE_ALREADY_SENT;
    }
    log(answer.status);
    const entity =
      answer.xml === undefined ? { "Content-Length": "0" } : { "Content-Type": "application/xml" };
    if (answer.status === 204) return new Response(null, { status: 204, headers });
    return new Response(answer.xml ?? null, { status: answer.status, headers: { ...entity, ...headers } });
  } catch (error) {
    const refusal = toRefusal(error, incoming, options.log, trace);
    log(refusal.status, refusal.code);
    const headers = { "x-amz-request-id": trace.id, ...cors, ...refusal.headers };
    return await refuse(refusal, headers, incoming, outgoing);
  }
}

async function answerRequest(
  options: ListenerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  trace: Trace,
): Promise<Answer> {
  const now = options.clock();
  const request = readRequest(incoming);
  trace.bucket = request.bucket;
  trace.key = request.key;
  if (request.method === "OPTIONS") return preflight(options, request, trace);
  const signed = authenticate(request, options.credentials, now);
  const operation = findOperation(request);
  trace.operation = operation.name;
  const payload = (): Payload => {
    const opened = new Payload(request, signed, incoming.iterator({ destroyOnReturn: false }));
    // 100 Continue is sent only now: a client that waits for it never sends the body of a refused request.
    if (request.headers.has("expect")) outgoing.writeContinue();
    return opened;
  };
  return operation.run({ request, store: options.store, now, payload });
}

function preflight(options: ListenerOptions, request: S3Request, trace: Trace): Answer {
  trace.operation = "preflight";
  const headers = preflightHeaders(options.corsOrigin, request.headers);
  if (!headers) throw new S3Error("AccessDenied");
  return { status: 200, headers };
}

async function sendStream(
  options: ListenerOptions,
  outgoing: ServerResponse,
  answer: Answer & { stream: NonNullable<Answer["stream"]> },
): Promise<void> {
  try {
    outgoing.writeHead(answer.status, answer.headers);
    await pipeline(options.store.blobs.read(answer.stream.spans), outgoing);
  } catch (error) {
    // The headers are sent: when reading fails now, only a cut connection tells the client. Clients
    // disconnect all the time.
    outgoing.destroy();
    if (!isDisconnect(error)) options.log.error({ err: error }, "reading failed");
  } finally {
    await answer.stream.release();
  }
}

function toRefusal(error: unknown, incoming: IncomingMessage, log: Logger, trace: Trace): S3Error {
  if (error instanceof S3Error) return error;
  if (isDisconnect(error) || incoming.errored) return new S3Error("IncompleteBody");
  log.error({ err: error, ...trace }, "request failed");
  return new S3Error("InternalError");
}

function isDisconnect(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return (
    code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "EPIPE" || code === "ABORT_ERR"
  );
}
