/** The hub: takes changes in and sends them to every open dashboard. One object per user, and one for the admins. */
import { DurableObject } from "cloudflare:workers";
import { type LiveEvent, liveEventSchema } from "@storagex/contract/events";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import { log, reasonOf } from "../http/log.ts";
import { readStanding } from "../identity/caller.ts";
import { Order } from "./order.ts";

const PING_MS = 12_000;
/** Streams end by themselves (a gone client is noticed only at a write); clients come back with Last-Event-ID. */
const STREAM_MS = 285_000;
const RETRY_MS = 1_000;
const KEPT = 200;
/** An event of a day-long film lists thousands of chunks: what is kept is bounded by its bytes, too. */
const KEPT_BYTES = 2 * 1024 * 1024;
/** A client that lets more than this wait is cut off; it comes back and asks for what it missed. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** Of one user, or of all administrators together: the longest open one gives way, comes back, and polls in between. */
const MOST_STREAMS = 100;

type Sent = { seq: number; bytes: Uint8Array };
type Subscriber = {
  controller: ReadableStreamDefaultController<Uint8Array>;
  ends: number;
  sessionId: string;
  /** Whether the stream is an administrator's: it ends when the account is none any more. */
  admin: boolean;
};

const encoder = new TextEncoder();
const HELLO = encoder.encode(`retry: ${RETRY_MS}\n: connected\n\n`);
const PING = encoder.encode(": ping\n\n");

export class Hub extends DurableObject<Env> {
  /** Event ids start with it: those of an earlier life mean nothing to this one. */
  readonly #epoch = Date.now().toString(36);
  #seq = 0;
  readonly #order = new Order();
  readonly #kept: Sent[] = [];
  #keptBytes = 0;
  readonly #subscribers = new Set<Subscriber>();
  #pings: ReturnType<typeof setInterval> | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/publish") {
      const event = this.#order.admit(liveEventSchema.parse(await request.json()));
      if (event) this.#publish(event);
      return new Response(null, { status: 204 });
    }
    if (request.method === "GET" && pathname === "/subscribe") {
      const who = { sessionId: searchParams.get("session") ?? "", admin: searchParams.has("admin") };
      return this.#subscribe(who, request.headers.get("last-event-id"));
    }
    return new Response(null, { status: 404 });
  }

  #publish({ event, data }: LiveEvent): void {
    this.#seq += 1;
    const id = `${this.#epoch}-${this.#seq}`;
    // Once for all: what waits for slow clients is one and the same in memory.
    const bytes = encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    this.#kept.push({ seq: this.#seq, bytes });
    this.#keptBytes += bytes.length;
    while (this.#kept.length > KEPT || (this.#keptBytes > KEPT_BYTES && this.#kept.length > 1))
      this.#keptBytes -= this.#kept.shift()?.bytes.length ?? 0;
    for (const subscriber of this.#subscribers) this.#send(subscriber, bytes);
  }

  #subscribe(who: Pick<Subscriber, "sessionId" | "admin">, lastEventId: string | null): Response {
    let subscriber: Subscriber | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          subscriber = { controller, ...who, ends: Date.now() + STREAM_MS };
          this.#subscribers.add(subscriber);
          const [oldest] = this.#subscribers;
          if (oldest && this.#subscribers.size > MOST_STREAMS) this.#end(oldest);
          this.#send(subscriber, HELLO);
          for (const { bytes } of this.#missedSince(lastEventId)) this.#send(subscriber, bytes);
        },
        cancel: () => {
          if (subscriber) this.#subscribers.delete(subscriber);
        },
      },
      { highWaterMark: MOST_WAITING_BYTES, size: (chunk) => chunk.byteLength },
    );
    this.#pings ??= setInterval(() => this.#ping(), PING_MS);
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  }

  /** What came after the id, where it is one of this life and still kept; clients read the rest by the API. */
  #missedSince(lastEventId: string | null): Sent[] {
    const [epoch, seq] = (lastEventId ?? "").split("-");
    if (epoch !== this.#epoch || !/^\d{1,15}$/.test(seq ?? "")) return [];
    return this.#kept.filter((sent) => sent.seq > Number(seq));
  }

  #ping(): void {
    for (const subscriber of this.#subscribers) {
      if (Date.now() < subscriber.ends) this.#send(subscriber, PING);
      else this.#end(subscriber);
    }
    if (this.#subscribers.size > 0) {
      this.ctx.waitUntil(this.#endRevoked());
      return;
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
