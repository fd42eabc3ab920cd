/** HTTP app of the SQL endpoint: Neon's `POST /sql` in front of a plain PostgreSQL, for self-hosting only. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import { accessCheck } from "./access.ts";
import type { Database } from "./database.ts";
import { type Failure, failureOf } from "./failure.ts";
import { batchHeaders, bundle, requestBody, type Statement } from "./wire.ts";

const MAX_BODY = 8 * 1024 * 1024;

/** Builds the app. `GET /healthz` answers 200 only when PostgreSQL answers. */
export function buildApp(database: Database, databaseUrl: string, log: Logger): Hono {
  const mayEnter = accessCheck(databaseUrl);
  const app = new Hono();

  app.get("/healthz", async (c) => {
    try {
      await database.one({ query: "SELECT 1", params: [] }, true);
      return c.json({ status: "ok" });
    } catch (error) {
      return c.json(failureOf(error).body, 503);
    }
  });

  app.post(
    "/sql",
    bodyLimit({ maxSize: MAX_BODY, onError: (c) => c.text("the body is over 8 MiB", 413) }),
    async (c) => {
      if (!mayEnter(c.req.header("neon-connection-string"))) {
        return c.json({ message: "password authentication failed", severity: "FATAL", code: "28P01" }, 400);
      }
      const sent: unknown = await c.req.json().catch(() => undefined);
      const body = (Array.isArray(sent) ? bundle : requestBody).safeParse(sent);
      if (!body.success)
        return c.json({ message: "the body is not {query, params} or {queries}", code: "08P01" }, 400);
      const options = batchHeaders.safeParse({
        isolation: c.req.header("neon-batch-isolation-level"),
        readOnly: c.req.header("neon-batch-read-only"),
        deferrable: c.req.header("neon-batch-deferrable"),
      });
      if (!options.success)
        return c.json({ message: "a Neon-Batch header is not understood", code: "08P01" }, 400);

      const rowAsArray = c.req.header("neon-array-mode") === "true";
      if (Array.isArray(body.data)) return c.body(await answersOf(database, body.data, log));
      try {
        if ("queries" in body.data) {
          return c.json({ results: await database.batch(body.data.queries, rowAsArray, options.data) });
        }
        return c.json(await database.one(body.data, rowAsArray));
      } catch (error) {
        const { body: problem, status } = loggedFailure(error, log);
        return c.json(problem, status);
      }
    },
  );
  return app;
}

/** Turns an error into the failure to send. Logs it unless the statement itself caused it. */
function loggedFailure(error: unknown, log: Logger): Failure {
  const failure = failureOf(error);
  if (failure.status === 503) log.warn({ reason: failure.body.message }, "database not reached");
  return failure;
}

/**
 * How long the first answers of a bundle wait for the others, in milliseconds: one short body costs both sides
 * much less than a stream.
 */
const TOGETHER_MS = 3;

/** One JSON line per statement, in the order in which they end: at once, or as a stream if some take longer. */
async function answersOf(
  database: Database,
  statements: readonly Statement[],
  log: Logger,
): Promise<string | ReadableStream<Uint8Array>> {
  let lines = "";
  let flush = () => {};
  const each = statements.map(async (statement, at) => {
    const { status, body } = await database.oneAsJson(statement).then(
      (rows) => ({ status: 200, body: rows }),
      (error: unknown) => {
        const failure = loggedFailure(error, log);
        return { status: failure.status, body: JSON.stringify(failure.body) };
      },
    );
    if (lines === "") setImmediate(() => flush());
    lines += `{"at":${at},"status":${status},"body":${body}}\n`;
  });
  const all = Promise.all(each).then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, TOGETHER_MS, false);
  });
  const isTogether = await Promise.race([all, late]);
  clearTimeout(timer);
  if (isTogether) return lines;
  const encoder = new TextEncoder();
  let isOpen = true;
  return new ReadableStream({
    cancel() {
      isOpen = false;
    },
    start(controller) {
      flush = () => {
        if (isOpen && lines !== "") controller.enqueue(encoder.encode(lines));
        lines = "";
      };
      flush();
      void all.then(() => {
        flush();
        if (isOpen) controller.close();
        isOpen = false;
      });
    },
  });
}
