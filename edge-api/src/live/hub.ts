/** The hub: sends the feed's events to open dashboards. One Durable Object per user, one for the admins. */
import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import {
  type Cursor,
  changesAfter,
  endOfEvents,
  isLater,
  readCursor,
  writeCursor,
} from "../events/follow.ts";
import { readStanding } from "../identity/caller.ts";
import { log, reasonOf } from "../observe/log.ts";
import { Backpressure } from "./backpressure.ts";
import { ADMINS, hubOfUser, type Notice, noticeSchema, watch } from "./hubs.ts";
import { Order } from "./order.ts";
import { snapshotsOf } from "./snapshots.ts";

/** With the statement itself, a stream of a revoked session ends within 5 s on every replica. */
const PING_MS = 4_000;
/**
 * Streams end by themselves, because a disconnected client is noticed only at a write. Clients reconnect with
 * Last-Event-ID.
 */
const STREAM_MS = 285_000;
const RETRY_MS = 1_000;
/** Missed events that are read at a time for a client that reconnected. */
const MISSED_BATCH = 500;
/** A client with more unread bytes is disconnected. It reconnects and asks for what it missed. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** The next of what a client missed is read once it has so many bytes left to read at most. */
const MAX_UNREAD_BYTES = MAX_WAITING_BYTES / 2;
/** Published events that are kept for a client while its missed ones are read; with more, they are read, too. */
const MAX_WAITING = 1_000;
/** Those of them that are no events and wait for one more batch. */
const MAX_PASSING = 100;
/** Per user, or for all administrators together. Above it the oldest stream is closed; its client polls. */
const MAX_STREAMS = 100;

/** Published since the last batch of missed events was asked for; `isMore`: more than are kept. */
type Waiting = { events: { bytes: Uint8Array; cursor: Cursor | undefined }[]; isMore: boolean };

type Subscriber = {
  controller: ReadableStreamDefaultController<Uint8Array>;
  ends: number;
  /** The session or API key that opened it. */
  credential: string;
  /** Whether the stream is an administrator's: it ends when the account loses that role. */
  admin: boolean;
  /** The last change sent, so that the same change from another source is not sent again. */
  at: Cursor | undefined;
  /** What the feed publishes while the subscriber still gets its missed events; undefined afterwards. */
  waiting: Waiting | undefined;
  backpressure: Backpressure;
};

const nothing = (): Waiting => ({ events: [], isMore: false });

const encoder = new TextEncoder();
const HELLO = encoder.encode(`retry: ${RETRY_MS}\n: connected\n\n`);
const PING = encoder.encode(": ping\n\n");

const written = ({ cursor, event: { event, data } }: Notice): Uint8Array => {
  const id = cursor ? `id: ${writeCursor(cursor)}\n` : "";
  return encoder.encode(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};

/** One that is not as the contract says is left out alone: the others are of other videos. */
function noticeOf(sent: unknown): Notice[] {
  const { success, data, error } = noticeSchema.safeParse(sent);
  if (success) return [data];
  log("error", "a live event is not as the contract says", { reason: reasonOf(error) });
  return [];
}

export class Hub extends DurableObject<Env> {
  readonly #order = new Order();
  readonly #subscribers = new Set<Subscriber>();
  #pings: ReturnType<typeof setInterval> | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/publish") {
      this.#publish(
        z
          .array(z.unknown())
          .parse(await request.json())
          .flatMap(noticeOf),
      );
      return new Response(null, { status: 204 });
    }
    if (request.method === "GET" && pathname === "/subscribe") {
      return this.#subscribe(
        searchParams.get("hub") ?? "",
        searchParams.get("credential") ?? "",
        request.headers.get("last-event-id"),
      );
    }
    return new Response(null, { status: 404 });
  }

  #publish(notices: readonly Notice[]): void {
    for (const { cursor, event } of notices) {
      const admitted = this.#order.admit(event);
      if (!admitted) continue;
      // Encoded once for all: slow clients' queues share the same bytes in memory.
      const bytes = written({ cursor, event: admitted });
      for (const subscriber of this.#subscribers) this.#sendTo(subscriber, bytes, cursor);
    }
  }

  async #subscribe(name: string, credential: string, lastEventId: string | null): Promise<Response> {
    // A failing database must not keep anybody from a stream: changes then arrive late, but are not lost.
    await this.#watch(name);
    let subscriber: Subscriber | undefined;
    const backpressure = new Backpressure(MAX_UNREAD_BYTES);
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          subscriber = {
            ...{ controller, credential, admin: name === ADMINS, ends: Date.now() + STREAM_MS },
            ...{ at: undefined, waiting: lastEventId ? nothing() : undefined, backpressure },
          };
          this.#subscribers.add(subscriber);
          const [oldest] = this.#subscribers;
          if (oldest && this.#subscribers.size > MAX_STREAMS) this.#end(oldest);
          this.#send(subscriber, HELLO);
        },
        pull: () => backpressure.pulled(),
        cancel: () => {
          if (subscriber) this.#subscribers.delete(subscriber);
        },
      },
      { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk.byteLength },
    );
    this.#pings ??= setInterval(() => void this.#ping(name), PING_MS);
    // Not awaited: the client reads meanwhile, and as much is read for it.
    if (subscriber && lastEventId) void this.#sendMissed(name, subscriber, lastEventId);
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  }

  /**
   * Sends all that changed on any replica since the client's last event, as fast as the client reads. With an
   * unknown id it uses the API. After an error the stream ends, since what came next would hide what is missing:
   * the client reconnects with the last id that it has got.
   */
  async #sendMissed(name: string, subscriber: Subscriber, lastEventId: string): Promise<void> {
    try {
      const cursor = readCursor(lastEventId);
      const config = configOf(this.env);
      const db = connect(config);
      // An id of the old cluster, after a restore: every new event would count as already sent.
      if (cursor && !isLater(cursor, await endOfEvents(db))) {
        subscriber.at = cursor;
        const watched = name === ADMINS ? "everybody" : [name.slice(hubOfUser("").length)];
        for (let isMore = true; isMore; ) {
          await subscriber.backpressure.drained(subscriber.controller, MAX_WAITING_BYTES);
          if (!this.#subscribers.has(subscriber)) return;
          // What the feed has published until now is in the table for whoever reads it from now on; but for progress
          // and places in the queue, which are no events.
          const passing = subscriber.waiting?.events.filter(({ cursor: at }) => !at) ?? [];
          const waiting = { events: passing.slice(-MAX_PASSING), isMore: false };
          subscriber.waiting = waiting;
          const changes = await changesAfter(db, subscriber.at, watched, MISSED_BATCH);
          for (const notice of await snapshotsOf(db, config, changes)) {
            this.#send(subscriber, written(notice));
            subscriber.at = notice.cursor ?? subscriber.at;
          }
          isMore = changes.length === MISSED_BATCH || waiting.isMore;
        }
      }
      const { events } = subscriber.waiting ?? nothing();
      subscriber.waiting = undefined;
      for (const { bytes, cursor } of events) this.#sendTo(subscriber, bytes, cursor);
    } catch (error) {
      log("warn", "missed events were not sent", { reason: reasonOf(error) });
      this.#end(subscriber);
    }
  }

  async #watch(name: string): Promise<void> {
    await watch(this.env, name).catch((error: unknown) =>
      log("warn", "a hub is not registered with the feed yet", { reason: reasonOf(error) }),
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

  /**
   * Ends streams of users who signed out, were deleted or lost the admin role, and of revoked keys. A failing database ends none.
   */
  async #endRevoked(): Promise<void> {
    try {
      const asked = [...this.#subscribers];
      const ids = [...new Set(asked.map(({ credential }) => credential))];
      const standing = await readStanding(connect(configOf(this.env)), ids);
      for (const subscriber of asked) {
        const role = standing.get(subscriber.credential);
        if (!role || (subscriber.admin && role !== "admin")) this.#end(subscriber);
      }
    } catch (error) {
      log("warn", "the streams' sessions and keys could not be read", { reason: reasonOf(error) });
    }
  }

  #sendTo(subscriber: Subscriber, bytes: Uint8Array, cursor: Cursor | undefined): void {
    if (subscriber.waiting) {
      const { events } = subscriber.waiting;
      if (events.length < MAX_WAITING) events.push({ bytes, cursor });
      else subscriber.waiting.isMore = true;
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
      // The client has already closed it.
    }
  }
}
