/** The clock: one Durable Object whose alarm runs the sweeps. A restart forgets the alarm; the first request winds it again. */
import { DurableObject } from "cloudflare:workers";
import { type Config, configOf, type Env } from "../config.ts";
import type { Edge } from "../context.ts";
import { connect } from "../db/connect.ts";
import { log, reasonOf } from "../observe/log.ts";
import { traceOf } from "../observe/trace.ts";
import { holdDuty } from "./duty.ts";
import { sweep } from "./run.ts";

/** Milliseconds to the next round: where it goes on at once, while there is work, and when there was none for a while. */
const AT_ONCE = 100;
const BUSY = 2_000;
const IDLE = 10_000;
/** Seconds after which another replica's clock takes over from one that fell silent; longer than an idle round. */
const DUTY_SECONDS = 15;
/** Rounds without a find until the clock goes idle. */
const CALM_AFTER = 30;

export class Clock extends DurableObject<Env> {
  #calm = 0;
  readonly #name = crypto.randomUUID();

  /** Winds the clock: whoever calls expects work soon. */
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
      // /readyz says what is wrong; the next request winds the clock again.
      return;
    }
    const edge = this.#edge(config);
    // Several replicas each have a clock, and one of them works.
    const isOurs = await holdDuty(edge.db, "sweeps", this.#name, DUTY_SECONDS).catch((error: unknown) => {
      log("error", "the sweeps wait for the database", { reason: reasonOf(error) });
      return false;
    });
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

/** Twice a minute per isolate is enough: a clock that stands still was lost with its process. */
const AGAIN_MS = 30_000;
let woundAt = 0;

/** Sets the clock ticking where it stands still; safe to call at any time. */
export async function windClock(env: Env): Promise<void> {
  if (Date.now() - woundAt < AGAIN_MS) return;
  woundAt = Date.now();
  await env.CLOCK.get(env.CLOCK.idFromName("clock")).fetch("https://clock/wind", { method: "POST" });
}
