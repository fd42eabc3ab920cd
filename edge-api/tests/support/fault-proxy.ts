/**
 * A proxy between the edge and one of its services, for faults that a real service rarely shows: it forwards,
 * drops responses, or answers itself.
 */
import { request as ask, createServer, type IncomingMessage } from "node:http";

/** `lose`: the service does the work, but its response never arrives. */
export type Fault = "pass" | "lose" | { status: number; text: string };
export type FaultProxy = { url: string; stop(): Promise<void> };

/** Listens in front of the origin of `target`. `decide` sees each request's method, path and body. */
export async function startFaultProxy(
  target: string,
  decide: (method: string, url: URL, body: string) => Fault,
): Promise<FaultProxy> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { method = "GET", url: path = "/", headers } = request;
    const fault = decide(method, new URL(path, target), body.toString("latin1"));
    if (typeof fault === "object") {
      response.writeHead(fault.status, { "content-type": "application/xml" }).end(fault.text);
      return;
    }
    // The headers are passed unchanged: signatures cover the host.
    const passed = ask({ hostname, port, method, path, headers }, (answer) => {
      if (fault === "lose") {
        answer.resume().once("end", () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    passed.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return {
    url: `http://127.0.0.1:${address.port}${pathname === "/" ? "" : pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
