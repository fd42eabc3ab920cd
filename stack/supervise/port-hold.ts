/** Holds ports for services that are about to start, against other programs and other stacks. */
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { until } from "./probe.ts";

/** What holds a set of ports. */
export type Hold = { servers: Server[]; claims: Socket[] };

/**
 * Holds all of `ports`, or none (undefined). Listening on a port holds it until its service does so itself. A
 * UDP socket of the same number claims it for the life of this process, so that no other stack takes it in
 * between.
 */
export async function hold(
  host: string,
  ports: readonly number[],
  patienceMs: number,
): Promise<Hold | undefined> {
  let held: Hold | undefined;
  const attempt = async (): Promise<boolean> => {
    const claims = (await Promise.all(ports.map(claim))).filter((socket) => socket !== undefined);
    const listening =
      claims.length === ports.length ? await Promise.all(ports.map((port) => listen(host, port))) : [];
    const got = listening.filter((server) => server !== undefined);
    if (got.length === ports.length) {
      held = { servers: got, claims };
    } else {
      for (const socket of claims) socket.close();
      await close(got);
    }
    return held !== undefined;
  };
  if (!(await attempt()) && patienceMs > 0) await until(attempt, patienceMs, 200);
  return held;
}

function claim(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.unref();
    socket.once("error", () => resolve(undefined));
    socket.bind({ address: "127.0.0.1", port, exclusive: true }, () => resolve(socket));
  });
}

function listen(host: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

/** Stops listening. */
export async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
}
