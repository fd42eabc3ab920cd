/**
 * The clock: a Durable Object whose alarm runs the sweeps. After a restart, a request sets the alarm again.
 */
import { DurableObject } from "cloudflare:workers";
import { type Config, configOf, type Env } from "../config.ts";
import type { Edge } from "../context.ts";
import { connect } from "../db/connect.ts";
import { log, reasonOf } from "../observe/log.ts";
import { traceOf } from "../observe/trace.ts";
import { holdLeaderLease } from "./leader-lease.ts";
import { sweep } from "./run.ts";

/** Milliseconds to the next round: AT_ONCE if a sweep left work, BUSY while there is some, later IDLE. */
const AT_ONCE = 100;
const BUSY = 2_000;
const IDLE = 10_000;
/** Seconds after which another replica's clock takes over from one that stopped; longer than IDLE. */
const LEASE_SECONDS = 15;
/** Rounds without work until the clock goes idle. */
const CALM_AFTER = 30;

export class Clock extends DurableObject<Env> {
  #calm = 0;
  readonly #name = crypto.randomUUID();

  /** Sets the next alarm: the caller expects work soon. */
  override async fetch(): Promise<Response> {
    this.#calm = 0;
    const next = await this.ctx.storage.getAlarm();
    if (next === null || next > Date.now() + BUSY) await this.ctx.storage.setAlarm(Date.now() + BUSY);
    return new Response(null, { status: 204 });
  }

  override async alarm(): Promise<void> {
    let config: Config;
    try {
      config = configOf(this.env);
    } catch {
      // /readyz reports what is wrong; the next request sets the alarm again.
      return;
    }
    const edge = this.#edge(config);
    // With several replicas each has a clock, but only one of them works.
    const isOurs = await holdLeaderLease(edge.db, "sweeps", this.#name, LEASE_SECONDS).catch(
      (error: unknown) => {
        log("error", "the sweeps wait for the database", { reason: reasonOf(error) });
        return false;
      },
    );
    const { found, isMore } = isOurs ? await sweep(edge, Date.now()) : { found: 0, isMore: false };
    this.#calm = found > 0 ? 0 : this.#calm + 1;
    const wait = isMore ? AT_ONCE : this.#calm < CALM_AFTER ? BUSY : IDLE;
    await this.ctx.storage.setAlarm(Date.now() + wait);
  }

  #edge(config: Config): Edge {
    return {
      env: this.env,
      config,
      db: connect(config),
      audit: undefined,
      traceparent: traceOf(undefined).traceparent,
      waitUntil: (work) =>
        this.ctx.waitUntil(
          work.catch((error: unknown) => log("error", "work of a sweep failed", { reason: reasonOf(error) })),
        ),
    };
  }
}

/** Once per 30 s and isolate is enough: a clock stops only when its process is lost. */
const AGAIN_MS = 30_000;
let startedAt = 0;

/** Starts the clock if it has stopped. Safe to call at any time. */
export async function startClock(env: Env): Promise<void> {
  if (Date.now() - startedAt < AGAIN_MS) return;
  startedAt = Date.now();
  await env.CLOCK.get(env.CLOCK.idFromName("clock")).fetch("https://clock/wind", { method: "POST" });
}
