/**
 * FFmpeg's only input: a range server on loopback behind a secret path, which serves objects and our own
 * scratch files.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MediaFailure } from "../media/failure.ts";
import { openMade, streamMade } from "../media/output/made-file.ts";
import { ownerOf } from "../media/run/own-user.ts";
import { type Renewable, streamRange } from "./object-read.ts";
import { belongsTo } from "./peer.ts";
import { parseRange } from "./range.ts";
import { StoreAway } from "./store-away.ts";

/**
 * An object or a span of it: `skip` bytes at its head are left out (the init segment of a chunk after the
 * first), and everything from byte `end` on.
 */
export type ObjectSpan = { source: Renewable; skip: number; end?: number };

/**
 * What the proxy recorded about one input. `failure` is set when the object store, not the file, is to blame
 * for missing bytes.
 */
export type Transfer = {
  readonly url: string;
  readonly size: number;
  readonly served: number;
  readonly failure: MediaFailure | null;
};

class Entry implements Transfer {
  served = 0;
  /** Why a reader did not get all of its bytes. */
  lost: MediaFailure | null = null;
  /** Of each reader, since when it has waited for the object store. */
  readonly waits = new Set<{ since: number }>();
  readonly url: string;
  readonly size: number;
  readonly read: (from: number, to: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  constructor(url: string, size: number, read: Entry["read"]) {
    this.url = url;
    this.size = size;
    this.read = read;
  }
  /** A reader that was just killed for its time may still be known as one that waits. */
  get failure(): MediaFailure | null {
    const isSilent = [...this.waits].some(({ since }) => performance.now() - since > SILENCE_MS);
    return this.lost ?? (isSilent ? new StoreAway("source.unreadable", "a reader waits in vain") : null);
  }
}

export type SourceProxy = {
  /**
   * Serves concatenated objects as one file. `name` ends the URL's path (chosen by us, never by the
   * uploader).
   */
  objects(name: string, spans: ObjectSpan[]): Transfer;
  /** Serves a file that FFmpeg finished. Throws like `openMade`. */
  file(name: string, path: string): Promise<Transfer>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Reads may repeat (seeks, pre-roll), but a file that makes FFmpeg read it over and over is stopped here. */
const budgetOf = (size: number) => 16 * size + 256 * 2 ** 20;

/** A reader that disconnects after waiting this long gave up on the object store. */
const SILENCE_MS = 10_000;

/** What a reader gets at once, and the time in which that doubles. */
const FIRST_BYTES = 256 * 1024;
const DOUBLING_MS = 20;

/**
 * Milliseconds from the start of a request before which no more than `bytes` are sent. FFmpeg opens a file by
 * reading at several places, and what the kernel has buffered when it seeks, 5 MB each time, was read from
 * the object store for nothing: several times a short chunk's own bytes.
 */
const dueAfter = (bytes: number): number => DOUBLING_MS * Math.log2(bytes / FIRST_BYTES);

const lengthOf = ({ source, skip, end }: ObjectSpan) => (end ?? source.current().size) - skip;

async function* readSpans(spans: ObjectSpan[], from: number, to: number, signal: AbortSignal) {
  let start = 0;
  for (const span of spans) {
    const { source, skip } = span;
    const end = start + lengthOf(span);
    if (from < end && to >= start) {
      const first = Math.max(from, start) - start + skip;
      const last = Math.min(to, end - 1) - start + skip;
      yield* streamRange(source, first, last, signal);
    }
    start = end;
  }
}

async function serve(entry: Entry, request: IncomingMessage, response: ServerResponse, closing: AbortSignal) {
  const range = request.method === "GET" ? parseRange(request.headers.range, entry.size) : undefined;
  if (!range) {
    response.writeHead(416, { "content-range": `bytes */${entry.size}` }).end();
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  response.writeHead(request.headers.range ? 206 : 200, {
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    "content-length": range.to + 1 - range.from,
    "content-range": `bytes ${range.from}-${range.to}/${entry.size}`,
  });
  const began = performance.now();
  const wait = { since: began };
  entry.waits.add(wait);
  let sent = 0;
  try {
    for await (const bytes of entry.read(range.from, range.to, signal)) {
      if (bytes.length === 0) {
        // The bytes have not been uploaded yet: the object store is not silent.
        wait.since = performance.now();
        continue;
      }
      // A slow reader does not count as silence of the object store.
      wait.since = Number.POSITIVE_INFINITY;
      entry.served += bytes.length;
      if (entry.served > budgetOf(entry.size))
        throw new MediaFailure("source.damaged", "read budget is spent");
      if (!response.write(bytes)) await once(response, "drain", { signal });
      sent += bytes.length;
      const early = began + dueAfter(sent) - performance.now();
      if (early > 0) await sleep(early, undefined, { signal });
      wait.since = performance.now();
    }
    response.end();
  } catch (error) {
    // FFmpeg closes the connection at each seek: that is no failure of the transfer, unless it had waited for
    // long.
    if (!signal.aborted)
      entry.lost =
        error instanceof MediaFailure
          ? error
          : new MediaFailure("source.unreadable", "read failed", { cause: error });
    else if (!closing.aborted && performance.now() - wait.since > SILENCE_MS)
      entry.lost = new StoreAway("source.unreadable", "the reader left", { cause: error });
    response.destroy();
  } finally {
    entry.waits.delete(wait);
  }
}

/**
 * Opens the proxy on a free loopback port for us and the user of FFmpeg's `folder`; dispose it when the step
 * ends.
 */
export async function openSourceProxy(folder: string, signal: AbortSignal): Promise<SourceProxy> {
  const secret = randomBytes(16).toString("base64url");
  const entries = new Map<string, Entry>();
  const files: FileHandle[] = [];
  const closing = new AbortController();
  const isOurs = new WeakMap<Socket, Promise<boolean>>();
  const server = createServer(async (request, response) => {
    const entry = (await isOurs.get(request.socket)) ? entries.get(request.url ?? "") : undefined;
    if (response.destroyed) return;
    if (entry) void serve(entry, request, response, AbortSignal.any([closing.signal, signal]));
    else response.writeHead(404).end();
  });
  // Once per connection, not per request.
  server.on("connection", (socket) => {
    const users = [process.getuid?.(), ownerOf(folder)].filter((user) => typeof user === "number");
    isOurs.set(socket, belongsTo(socket, users));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const add = (name: string, size: number, read: Entry["read"]): Transfer => {
    const path = `/${secret}/${name}`;
    const entry = new Entry(`http://127.0.0.1:${port}${path}`, size, read);
    entries.set(path, entry);
    return entry;
  };
  return {
    objects: (name, spans) => {
      const size = spans.reduce((sum, span) => sum + lengthOf(span), 0);
      return add(name, size, (from, to, stop) => readSpans(spans, from, to, stop));
    },
    file: async (name, path) => {
      const file = await openMade(path);
      files.push(file);
      return add(name, (await file.stat()).size, (from, to) => streamMade(file, from, to));
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
