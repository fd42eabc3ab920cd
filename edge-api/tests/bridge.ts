/** A bridge for the tests: takes hand-overs as the real one does, verifies their token, and remembers the messages. */
import { createServer, type Server } from "node:http";
import { verifyServiceToken } from "@storagex/contract/service-token";
import { handOverSchema, type TaskMessage } from "@storagex/contract/task";

export type Bridge = {
  url: string;
  messages: TaskMessage[];
  /** Requests to refuse with 503 before the next is taken. */
  refuse: number;
  /** What answers say of the queue. */
  depth: number;
  /** Tells which keys sign, once the edge is up. */
  trust(signingKeys: string): void;
  stop(): Promise<void>;
};

export async function startBridge(): Promise<Bridge> {
  let keys: Parameters<typeof verifyServiceToken>[1] = { keys: [] };
  const bridge: Bridge = {
    url: "",
    messages: [],
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
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, { "content-type": "application/json", connection: "close" });
        response.end(JSON.stringify(value));
      };
      if (request.method === "GET") return answer(200, {});
      if (bridge.refuse > 0) {
        bridge.refuse -= 1;
        return answer(503, {});
      }
      try {
        const token = (request.headers.authorization ?? "").replace("Bearer ", "");
        await verifyServiceToken(token, keys, { method: "POST", path: request.url ?? "", body });
      } catch {
        return answer(401, {});
      }
      const { tasks } = handOverSchema.parse(JSON.parse(body));
      bridge.messages.push(...tasks);
      answer(202, { accepted: tasks.length, queueDepth: bridge.depth });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  bridge.url = `http://127.0.0.1:${address.port}`;
  return bridge;
}
