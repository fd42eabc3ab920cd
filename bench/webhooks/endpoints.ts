/** Endpoints of webhooks on this machine: some answer at once, others take what is sent and never answer. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const sentSchema = z.object({ timestamp: z.iso.datetime() });

/** A first try that arrived at a healthy endpoint. */
export type Arrival = {
  /** Path of the endpoint. */
  path: string;
  /** Milliseconds from the event's own time to its arrival. */
  took: number;
};

export class Endpoints implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  readonly #seen = new Set<string>();
  #origin = "";
  readonly #server = createServer((request, response) => {
    const path = request.url ?? "";
    const at = Date.now();
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      if (path.startsWith("/deaf/")) return;
      response.writeHead(204).end();
      const id = `${path} ${request.headers["webhook-id"]}`;
      if (this.#seen.has(id)) return;
      this.#seen.add(id);
      const { timestamp } = sentSchema.parse(JSON.parse(Buffer.concat(pieces).toString()));
      this.arrivals.push({ path, took: at - Date.parse(timestamp) });
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.#origin = `http://127.0.0.1:${port}`;
    return this;
  }

  /** The address of one endpoint of `group`. */
  urlOf(group: string, number: number, isDeaf: boolean): string {
    return `${this.#origin}/${isDeaf ? "deaf" : "heard"}/${group}/${number}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
