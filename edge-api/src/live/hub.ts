/** The hub: what the feed tells it goes to every open dashboard. One object per user, and one for the admins. */
import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import { type Cursor, changesAfter, isLater, readCursor, writeCursor } from "../events/follow.ts";
import { readStanding } from "../identity/caller.ts";
import { log, reasonOf } from "../observe/log.ts";
import { ADMINS, hubOfUser, type Notice, noticeSchema, watch } from "./hubs.ts";
import { Order } from "./order.ts";
import { snapshotsOf } from "./snapshots.ts";

const PING_MS = 12_000;
/** Streams end by themselves (a gone client is noticed only at a write); clients come back with Last-Event-ID. */
const STREAM_MS = 285_000;
const RETRY_MS = 1_000;
/** Events that a client which comes back is told of at most; one that missed more reads the lists anew. */
const MAX_MISSED = 500;
/** A client that lets more than this wait is cut off; it comes back and asks for what it missed. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Of one user, or of all administrators together: the longest open one gives way, comes back, and polls in between. */
const MAX_STREAMS = 100;

type Subscriber = {
  controller: ReadableStreamDefaultController<Uint8Array>;
  ends: number;
  sessionId: string;
  /** Whether the stream is an administrator's: it ends when the account is none any more. */
  admin: boolean;
  /** What it was told last: the same change from another side is not told again. */
  at: Cursor | undefined;
  /** What the feed tells while the subscriber still gets what it missed; undefined once it has. */
  held: { bytes: Uint8Array; cursor: Cursor | undefined }[] | undefined;
};

const encoder = new TextEncoder();
const HELLO = encoder.encode(`retry: ${RETRY_MS}\n: connected\n\n`);
const PING = encoder.encode(": ping\n\n");

const written = ({ cursor, event: { event, data } }: Notice): Uint8Array => {
  const id = cursor ? `id: ${writeCursor(cursor)}\n` : "";
  return encoder.encode(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};

export class Hub extends DurableObject<Env> {
  readonly #order = new Order();
  readonly #subscribers = new Set<Subscriber>();
  #pings: ReturnType<typeof setInterval> | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/publish") {
      this.#publish(z.array(noticeSchema).parse(await request.json()));
      return new Response(null, { status: 204 });
    }
    if (request.method === "GET" && pathname === "/subscribe") {
      return this.#subscribe(
        searchParams.get("hub") ?? "",
        searchParams.get("session") ?? "",
        request.headers.get("last-event-id"),
      );
    }
    return new Response(null, { status: 404 });
  }

  #publish(told: readonly Notice[]): void {
    for (const { cursor, event } of told) {
      const admitted = this.#order.admit(event);
      if (!admitted) continue;
      // Once for all: what waits for slow clients is one and the same in memory.
      const bytes = written({ cursor, event: admitted });
      for (const subscriber of this.#subscribers) this.#tell(subscriber, bytes, cursor);
    }
  }

  async #subscribe(name: string, sessionId: string, lastEventId: string | null): Promise<Response> {
    // A deaf database must not keep anybody from a stream: what it tells is then late, not lost.
    await this.#watch(name);
    let subscriber: Subscriber | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          subscriber = {
            ...{ controller, sessionId, admin: name === ADMINS, ends: Date.now() + STREAM_MS },
            ...{ at: undefined, held: lastEventId ? [] : undefined },
          };
          this.#subscribers.add(subscriber);
          const [oldest] = this.#subscribers;
          if (oldest && this.#subscribers.size > MAX_STREAMS) this.#end(oldest);
          this.#send(subscriber, HELLO);
        },
        cancel: () => {
          if (subscriber) this.#subscribers.delete(subscriber);
        },
      },
      { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk.byteLength },
    );
    this.#pings ??= setInterval(() => void this.#ping(name), PING_MS);
    if (subscriber && lastEventId) await this.#tellMissed(name, subscriber, lastEventId);
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  }

  /** What changed since the client heard last, from whichever replica; for an id that is none of ours it reads by the API. */
  async #tellMissed(name: string, subscriber: Subscriber, lastEventId: string): Promise<void> {
    try {
      const cursor = readCursor(lastEventId);
      if (!cursor) return;
      subscriber.at = cursor;
      const config = configOf(this.env);
      const db = connect(config);
      const watched = name === ADMINS ? "everybody" : [name.slice(hubOfUser("").length)];
      const changes = await changesAfter(db, cursor, watched, MAX_MISSED);
      for (const told of await snapshotsOf(db, config, changes)) {
        subscriber.at = told.cursor;
        this.#send(subscriber, written(told));
      }
    } catch (error) {
      log("warn", "what a client missed was not told", { reason: reasonOf(error) });
    } finally {
      const held = subscriber.held ?? [];
      subscriber.held = undefined;
      for (const { bytes, cursor } of held) this.#tell(subscriber, bytes, cursor);
    }
  }

  async #watch(name: string): Promise<void> {
    await watch(this.env, name).catch((error: unknown) =>
      log("warn", "a hub is not told of changes yet", { reason: reasonOf(error) }),
    );
  }

  async #ping(name: string): Promise<void> {
    for (const subscriber of this.#subscribers) {
      if (Date.now() < subscriber.ends) this.#send(subscriber, PING);
      else this.#end(subscriber);
    }
    if (this.#subscribers.size > 0) {
      await this.#watch(name);
      return this.#endRevoked();
    }
    if (this.#pings) clearInterval(this.#pings);
    this.#pings = undefined;
  }

  /** Who signed out, was deleted or is no administrator any more hears nothing further. A silent database ends nobody. */
  async #endRevoked(): Promise<void> {
    try {
      const asked = [...this.#subscribers];
      const ids = [...new Set(asked.map(({ sessionId }) => sessionId))];
      const standing = await readStanding(connect(configOf(this.env)), ids);
      for (const subscriber of asked) {
        const role = standing.get(subscriber.sessionId);
        if (!role || (subscriber.admin && role !== "admin")) this.#end(subscriber);
      }
    } catch (error) {
      log("warn", "the streams' sessions could not be read", { reason: reasonOf(error) });
    }
  }

  #tell(subscriber: Subscriber, bytes: Uint8Array, cursor: Cursor | undefined): void {
    if (subscriber.held) {
      subscriber.held.push({ bytes, cursor });
      return;
    }
    if (cursor && subscriber.at && !isLater(cursor, subscriber.at)) return;
    subscriber.at = cursor ?? subscriber.at;
    this.#send(subscriber, bytes);
  }

  #send(subscriber: Subscriber, bytes: Uint8Array): void {
    try {
      if ((subscriber.controller.desiredSize ?? 0) <= 0) this.#end(subscriber);
      else subscriber.controller.enqueue(bytes);
    } catch {
      this.#subscribers.delete(subscriber);
    }
  }

  #end(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    try {
      subscriber.controller.close();
    } catch {
      // Already closed by the client.
    }
  }
}
