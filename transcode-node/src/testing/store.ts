/**
 * An object store for tests of the media code: objects in memory behind HTTP with ranges, If-Match, PUT, and
 * faults on demand.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReadGrant } from "@storagex/contract/tasks/grants";
import { parseRange } from "../transfer/range.ts";

export type Store = {
  objects: Map<string, Buffer>;
  /** Every request's method and path, in order. */
  hits: string[];
  url(key: string): string;
  put(key: string, bytes: Buffer): ReadGrant;
  grant(key: string): ReadGrant;
  /** Called before each response; it may respond itself (true) or destroy the socket. */
  fault: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  [Symbol.asyncDispose](): Promise<void>;
};

const etags = new WeakMap<Buffer, string>();
/** Computed once: a large source is read many times, and the test would wait for its hash. */
function etagOf(bytes: Buffer): string {
  const etag = etags.get(bytes) ?? `"${createHash("md5").update(bytes).digest("hex")}"`;
  etags.set(bytes, etag);
  return etag;
}
const LATER = "2100-01-01T00:00:00.000Z";

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const bytes of request) pieces.push(bytes as Buffer);
  return Buffer.concat(pieces);
}

export async function startStore(): Promise<Store> {
  const objects = new Map<string, Buffer>();
  const hits: string[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const key = decodeURIComponent((request.url ?? "/").slice(1).split("?")[0] ?? "");
    hits.push(`${request.method} /${key}`);
    if (store.fault?.(request, response)) return;
    if (request.method === "PUT") {
      const bytes = await bodyOf(request);
      objects.set(key, bytes);
      response.writeHead(200, { etag: etagOf(bytes) }).end();
      return;
    }
    const bytes = objects.get(key);
    if (!bytes) return response.writeHead(404).end();
    const match = request.headers["if-match"];
    if (match && match !== etagOf(bytes)) return response.writeHead(412).end();
    const range = parseRange(request.headers.range, bytes.length);
    if (!range) return response.writeHead(416).end();
    const body = bytes.subarray(range.from, range.to + 1);
    response
      .writeHead(request.headers.range ? 206 : 200, {
        "accept-ranges": "bytes",
        "content-length": body.length,
        "content-range": `bytes ${range.from}-${range.to}/${bytes.length}`,
      })
      .end(body);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = (key: string) => `http://127.0.0.1:${port}/${key}`;
  const grant = (key: string): ReadGrant => {
    const bytes = objects.get(key) ?? Buffer.alloc(0);
    return { url: url(key), etag: etagOf(bytes), size: Math.max(1, bytes.length), expiresAt: LATER };
  };
  const store: Store = {
    objects,
    hits,
    url,
    grant,
    put: (key, bytes) => {
      objects.set(key, bytes);
      return grant(key);
    },
    fault: null,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return store;
}
