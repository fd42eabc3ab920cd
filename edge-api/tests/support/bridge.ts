/** A bridge for the tests: accepts messages as the real one does, verifies their token, and records them. */
import { createServer, type Server } from "node:http";
import { PROBLEMS, type ProblemCode } from "@storagex/contract/problem";
import { HAND_OVER_DELIVERIES_PATH, HAND_OVER_PATH } from "@storagex/contract/routes/internal";
import { handOverDeliveriesSchema, handOverSchema, type TaskMessage } from "@storagex/contract/tasks/message";
import { verifyServiceToken } from "@storagex/contract/tasks/service-token";

export type Bridge = {
  url: string;
  messages: TaskMessage[];
  /** Ids of webhook deliveries. */
  deliveries: string[];
  /** Number of requests to refuse with 503 before the next is accepted. */
  refuse: number;
  /** The queue depth that answers report. */
  depth: number;
  /** Sets the keys that sign, once the edge is running. */
  trust(signingKeys: string): void;
  stop(): Promise<void>;
};

export async function startBridge(): Promise<Bridge> {
  let keys: Parameters<typeof verifyServiceToken>[1] = { keys: [] };
  const bridge: Bridge = {
    url: "",
    messages: [],
    deliveries: [],
    refuse: 0,
    depth: 0,
    trust: (signingKeys) => {
      const parsed: { keys: Record<string, string>[] } = JSON.parse(signingKeys);
      keys = { keys: parsed.keys.map(({ d: _, ...open }) => ({ kty: "EC", ...open })) };
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", async () => {
      const body = Buffer.concat(pieces).toString();
      const answer = (status: number, value: unknown, type = "application/json") => {
        response.writeHead(status, { "content-type": type, connection: "close" });
        response.end(JSON.stringify(value));
      };
      const refuse = (code: ProblemCode) =>
        answer(PROBLEMS[code].status, { ...PROBLEMS[code], code }, "application/problem+json");
      const route = `${request.method} ${request.url}`;
      if (route === "GET /healthz") return answer(200, { ok: true, broker: "connected" });
      const isDeliveries = route === `POST ${HAND_OVER_DELIVERIES_PATH}`;
      if (route !== `POST ${HAND_OVER_PATH}` && !isDeliveries) return refuse("request.not_found");
      if (bridge.refuse > 0) {
        bridge.refuse -= 1;
        return refuse("broker.unavailable");
      }
      try {
        const token = (request.headers.authorization ?? "").replace("Bearer ", "");
        await verifyServiceToken(token, keys, { method: "POST", path: request.url ?? "", body });
      } catch {
        return refuse("internal.token_invalid");
      }
      if (isDeliveries) {
        const { deliveries } = handOverDeliveriesSchema.parse(JSON.parse(body));
        bridge.deliveries.push(...deliveries.map(({ deliveryId }) => deliveryId));
        return answer(200, { accepted: deliveries.length });
      }
      const handed = handOverSchema.safeParse(JSON.parse(body));
      if (!handed.success) return refuse("request.invalid");
      const { tasks } = handed.data;
      bridge.messages.push(...tasks);
      answer(200, { accepted: tasks.length, queueDepth: bridge.depth });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  bridge.url = `http://127.0.0.1:${address.port}`;
  return bridge;
}
