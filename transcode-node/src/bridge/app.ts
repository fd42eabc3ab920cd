/**
 * The bridge's HTTP side: edge-api sends tasks here and gets its response only after the broker's confirm.
 */

import { HAND_OVER_DELIVERIES_PATH, HAND_OVER_PATH } from "@storagex/contract/routes/internal";
import {
  type bridgeHealthSchema,
  type handOverAnswerSchema,
  handOverDeliveriesSchema,
  handOverSchema,
} from "@storagex/contract/tasks/message";
import { verifyServiceToken } from "@storagex/contract/tasks/service-token";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { JSONWebKeySet } from "jose";
import type { Logger } from "pino";
import type { z } from "zod";
import { NotSent } from "../broker/publish.ts";
import { problemResponse } from "./problem.ts";
import type { TaskLine } from "./publisher.ts";

/** 100 tasks are about 30 KiB. */
const MAX_BODY_BYTES = 256 * 1024;

const limited = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge });

/** `POST /tasks`, `POST /deliveries` and `GET /healthz`. */
export function makeBridgeApp(options: { keys: JSONWebKeySet; line: TaskLine; log: Logger }): Hono {
  const { keys, line, log } = options;
  const app = new Hono();

  app.get("/healthz", (c) => {
    const broker = line.broker();
    const ok = broker === "connected";
    const answer: z.infer<typeof bridgeHealthSchema> = { ok, broker };
    return c.json(answer, ok ? 200 : 503);
  });

  app.post(HAND_OVER_PATH, limited, async (c) => {
    const sent = await readSigned(c, handOverSchema);
    if (sent instanceof Response) return sent;
    await line.handOver(sent.tasks);
    const answer: z.infer<typeof handOverAnswerSchema> = {
      accepted: sent.tasks.length,
      queueDepth: await line.depth(),
    };
    log.info({ tasks: sent.tasks.map((task) => task.taskId), queueDepth: answer.queueDepth }, "handed over");
    return c.json(answer);
  });

  app.post(HAND_OVER_DELIVERIES_PATH, limited, async (c) => {
    const sent = await readSigned(c, handOverDeliveriesSchema);
    if (sent instanceof Response) return sent;
    await line.handOverDeliveries(sent.deliveries);
    log.debug({ deliveries: sent.deliveries.length }, "handed over");
    return c.json({ accepted: sent.deliveries.length });
  });

  /** The body, if its token was signed for this call and it is of that shape; otherwise the refusal. */
  async function readSigned<S extends z.ZodType>(c: Context, schema: S): Promise<z.infer<S> | Response> {
    const body = await c.req.text();
    const [scheme, token] = (c.req.header("authorization") ?? "").split(" ");
    const trusted =
      scheme === "Bearer" &&
      token !== undefined &&
      (await verifyServiceToken(token, keys, { method: c.req.method, path: c.req.path, body }).then(
        () => true,
        (error: unknown) => {
          log.warn({ reason: String(error) }, "service token refused");
          return false;
        },
      ));
    if (!trusted) return problemResponse("internal.token_invalid");
    const parsed = jsonTextSchema.pipe(schema).safeParse(body);
    if (parsed.success) return parsed.data;
    return problemResponse(
      "request.invalid",
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "),
    );
  }

  app.notFound(() =>
    problemResponse(
      "request.not_found",
      `The bridge knows POST ${HAND_OVER_PATH}, POST ${HAND_OVER_DELIVERIES_PATH} and GET /healthz.`,
    ),
  );
  app.onError((error) => {
    if (error instanceof NotSent) {
      log.error({ reason: error.reason }, "not handed over");
      return problemResponse("broker.unavailable");
    }
    // Counting fails only when the connection is lost: everything may have been sent, and sending twice is
    // harmless.
    log.error({ err: error }, "hand-over failed");
    return problemResponse(line.broker() === "connected" ? "internal.error" : "broker.unavailable");
  });
  return app;
}

/** The rest of the body stays unread, so the client must not reuse this connection. */
function tooLarge(): Response {
  const response = problemResponse("request.too_large", "The bridge takes at most 256 KiB.");
  response.headers.set("connection", "close");
  return response;
}
