/** Another platform as its recorded answers: HTTP servers on 127.0.0.1 that give each call its answers in turn. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export type Recorded = {
  /** Method and address, e.g. `GET /video/v1/assets?limit=100`. */
  call: string;
  /** 200 if left out. */
  status?: number;
  headers?: Record<string, string>;
  /** JSON, the text of a file, or its bytes. */
  body?: unknown;
  /** The header `authorization` that it was recorded with; null: there was none. */
  authorization?: string | null;
};

export type Replay = Awaited<ReturnType<typeof replay>>;

/** Where the API is, and where files are. */
export type Origins = { api: string; files: string };

/**
 * `recorded` is given the servers' origins. Several answers of one call are given one after the other, the last one
 * for good; what was not recorded is a 404.
 */
export async function replay(recorded: (origins: Origins) => Recorded[]) {
  const answers = new Map<string, Recorded[]>();
  const asked: string[] = [];
  const complaints: string[] = [];
  const listener: RequestListener = (request, response) => {
    const call = `${request.method} ${request.url}`;
    asked.push(call);
    request.resume();
    const all = answers.get(call) ?? [];
    const answer = all.length > 1 ? all.shift() : all[0];
    if (!answer) {
      complaints.push(`not recorded: ${call}`);
      response.writeHead(404).end();
      return;
    }
    const { status = 200, headers = {}, body, authorization } = answer;
    const sent = request.headers.authorization ?? null;
    if (authorization !== undefined && sent !== authorization) complaints.push(`${call} with ${sent}`);
    const isFile = Buffer.isBuffer(body) || typeof body === "string";
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(isFile ? `${body}` : JSON.stringify(body));
    const type = isFile ? "application/octet-stream" : "application/json";
    response.writeHead(status, { "content-type": type, "content-length": bytes.length, ...headers });
    response.end(request.method === "HEAD" ? undefined : bytes);
  };
  const servers = [createServer(listener), createServer(listener)];
  const started = servers.map(async (server) => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  const [api = "", files = ""] = await Promise.all(started);
  const record = (all: Recorded[]) => {
    for (const each of all) answers.set(each.call, [...(answers.get(each.call) ?? []), each]);
  };
  record(recorded({ api, files }));
  return {
    ...{ api, files },
    /** Calls so far, in order. */
    asked,
    /** Calls that were not recorded, or came with other credentials. */
    complaints,
    /** From now on these are the answers of their calls. */
    change(all: Recorded[]): void {
      for (const { call } of all) answers.delete(call);
      record(all);
    },
    stop: () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
