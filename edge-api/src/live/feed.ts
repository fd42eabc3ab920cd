/**
 * The feed: follows the `events` table for all hubs of this replica, so that it does not matter which replica
 * made a change.
 */
import { DurableObject } from "cloudflare:workers";
import { configOf, type Env } from "../config.ts";
import { connect, type Db } from "../db/connect.ts";
import {
  type Change,
  type Cursor,
  changesAfter,
  endOfEvents,
  progressing,
  queueHead,
  type Watched,
} from "../events/follow.ts";
import { log, reasonOf } from "../observe/log.ts";
import { ADMINS, HUB_ALIVE_MS, hubOfUser, publishTo } from "./hubs.ts";
import { type Snapshot, snapshotsOf } from "./snapshots.ts";

/** Milliseconds between two polls of the table. After a poke the shorter interval applies. */
const POLL_MS = 500;
const MIN_GAP_MS = 100;
/** Events read per poll. */
const BATCH = 500;
/**
 * Positions at the head of the queue that are reported when the queue moves. Dashboards learn the others at
 * their next poll.
 */
const NAMED_PLACES = 20;

export class Feed extends DurableObject<Env> {
  /** Hubs with open streams, and until when we assume so. */
  readonly #hubs = new Map<string, number>();
  #cursor: Cursor | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #polledAt = 0;
  #isPolling = false;
  #isPoked = false;

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/watch") await this.#watch(searchParams.get("hub") ?? "");
    else if (this.#hubs.size > 0) this.#soon(MIN_GAP_MS);
    return new Response(null, { status: 204 });
  }

  /** From this response on, no change is missed. */
  async #watch(hub: string): Promise<void> {
    this.#hubs.set(hub, Date.now() + HUB_ALIVE_MS);
    // Sets the cursor before the first poll: older events are not news to anybody.
    await this.#begin(connect(configOf(this.env)));
    this.#soon(POLL_MS);
  }

  /**
   * The cursor to continue from. Of two concurrent calls the first result counts: the later one would skip
   * the events in between.
   */
  async #begin(db: Db): Promise<Cursor> {
    const end = this.#cursor ?? (await endOfEvents(db));
    this.#cursor ??= end;
    return this.#cursor;
  }

  /** Polls once `gap` has passed since the last poll. */
  #soon(gap: number): void {
    if (this.#isPolling) {
      this.#isPoked ||= gap < POLL_MS;
      return;
    }
    const wait = Math.max(0, this.#polledAt + gap - Date.now());
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#poll(), wait);
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    this.#isPoked = false;
    try {
      this.#forgetSilent();
      if (this.#hubs.size > 0) await this.#sendChanges();
    } catch (error) {
      log("warn", "live changes are late", { reason: reasonOf(error) });
    } finally {
      this.#polledAt = Date.now();
      this.#isPolling = false;
    }
    if (this.#hubs.size > 0) this.#soon(this.#isPoked ? MIN_GAP_MS : POLL_MS);
    else this.#cursor = undefined;
  }

  #forgetSilent(): void {
    for (const [hub, until] of this.#hubs) if (until < Date.now()) this.#hubs.delete(hub);
  }

  async #sendChanges(): Promise<void> {
    const config = configOf(this.env);
    const db = connect(config);
    const watched = this.#watched();
    const before = await this.#begin(db);
    const changes: Change[] = await changesAfter(db, before, watched, BATCH);
    const last = changes.at(-1);
    const running = await progressing(db, watched, (2 * POLL_MS) / 1000);
    const moved = changes.some(({ leavesQueue }) => leavesQueue)
      ? await queueHead(db, watched, NAMED_PLACES)
      : [];
    const snapshots = await snapshotsOf(db, config, [...moved, ...running, ...changes]);
    const after = last ? { xact: last.xact, id: last.id } : before;
    await this.#publish(snapshots);
    this.#cursor = after;
    if (changes.length === BATCH) this.#isPoked = true;
  }

  #watched(): Watched {
    if (this.#hubs.has(ADMINS)) return "everybody";
    return [...this.#hubs.keys()].map((hub) => hub.slice(hubOfUser("").length));
  }

  /** Sends each hub what its streams may see. Clients of an unreachable hub get nothing and poll. */
  async #publish(snapshots: readonly Snapshot[]): Promise<void> {
    const byHub = new Map<string, Snapshot[]>();
    for (const snapshot of snapshots)
      for (const hub of [hubOfUser(snapshot.ownerId), ADMINS])
        if (this.#hubs.has(hub)) byHub.set(hub, [...(byHub.get(hub) ?? []), snapshot]);
    await Promise.all(
      [...byHub].map(async ([hub, some]) => {
        await publishTo(this.env, hub, some).catch((error: unknown) =>
          log("warn", "an event did not reach the hub", { hub, reason: reasonOf(error) }),
        );
      }),
    );
  }
}
