/** A server to import from, on 127.0.0.1: each address answers as its test says, also badly. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Served = {
  bytes: Buffer;
  /** Answers a Range that is asked for; false: always the whole. */
  ranges?: boolean;
  /** Whether it names its version, by which a cut answer can be continued. */
  etag?: string | null;
  /** Sends no length, but pieces to the end. */
  chunked?: boolean;
  /** Cuts answer `n` (from 0) after so many bytes. */
  cutAfter?: (n: number) => number | undefined;
  /** Waits before the rest of answer `n` after so many bytes, until `release` is called. */
  holdAfter?: (n: number) => number | undefined;
  /** Waits in the same way wherever an answer comes to this byte of the file. */
  holdAt?: number;
};
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type FileServer = ReturnType<typeof startFileServer>;

export function startFileServer() {
  const answers = new Map<string, Answer>();
  const asked: {
    path: string;
    range: string | undefined;
    ifRange: string | undefined;
    authorization: string | undefined;
  }[] = [];
  const open = new Map<string, number>();
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    const { range, "if-range": ifRange, authorization } = request.headers;
    const path = request.url ?? "";
    asked.push({ path, range, ifRange: ifRange === undefined ? undefined : String(ifRange), authorization });
    open.set(path, (open.get(path) ?? 0) + 1);
    response.on("close", () => open.set(path, (open.get(path) ?? 0) - 1));
    const answer = answers.get(path);
    if (answer) return answer(request, response);
    response.writeHead(404).end("nothing here");
  });
  const listening = new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
  const urlOf = async (path: string, host = "127.0.0.1") => `http://${host}:${await listening}${path}`;

  return {
    /** Requests so far, in order. */
    asked: (path: string) => asked.filter((each) => each.path === path),
    url: urlOf,
    /** Answers `path` by `answer`; returns its URL. */
    answer: (path: string, answer: Answer): Promise<string> => {
      answers.set(path, answer);
      return urlOf(path);
    },
    /** Serves a file at `path`; returns its URL. */
    serve: (path: string, served: Served): Promise<string> => {
      let count = 0;
      answers.set(path, (request, response) => void sendFile(request, response, served, count++, held));
      return urlOf(path);
    },
    /** Lets answers go on that are held. */
    release: () => {
      for (const go of held.splice(0)) go();
    },
    held: () => held.length,
    /** Answers of that path that are on their way. */
    open: (path: string) => open.get(path) ?? 0,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
  n: number,
  held: (() => void)[],
): Promise<void> {
  const { bytes, ranges = true, etag = '"v1"', chunked = false } = served;
  const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const isSame = etag !== null && request.headers["if-range"] === etag;
  const from = ranges && wanted !== undefined && isSame ? Number(wanted) : 0;
  const isPart = ranges && wanted !== undefined && isSame;
  response.writeHead(isPart ? 206 : 200, {
    "content-type": "video/mp4",
    ...(etag !== null && { etag }),
    ...(ranges && { "accept-ranges": "bytes" }),
    ...(!chunked && { "content-length": String(bytes.length - from) }),
    ...(isPart && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  const stop = served.cutAfter?.(n);
  const { holdAt } = served;
  const pause = served.holdAfter?.(n) ?? (holdAt !== undefined && holdAt > from ? holdAt - from : undefined);
  const first = Math.min(stop ?? pause ?? bytes.length, bytes.length - from) + from;
  const write = (piece: Buffer) => new Promise<void>((resolve) => response.write(piece, () => resolve()));
  if (first > from) await write(bytes.subarray(from, first));
  if (stop !== undefined) {
    response.destroy();
    return;
  }
  if (pause !== undefined) {
    await new Promise<void>((resolve) => held.push(resolve));
    if (first < bytes.length) await write(bytes.subarray(first));
  }
  response.end();
}
