/**
 * Gathers the reports of players in memory and writes them rarely: ten thousand viewers are not ten thousand
 * statements. Several Durable Objects per replica share the videos.
 */
import { DurableObject } from "cloudflare:workers";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import { log, reasonOf } from "../observe/log.ts";
import { type Report, Visits } from "./visits.ts";
import { writePlays } from "./write.ts";

/** Milliseconds between two writes; the first after a pause comes sooner, so that a view is seen. */
const EVERY_MS = 30_000;
const FIRST_MS = 2_000;
const MAX_ROWS = 500;

export class Audience extends DurableObject<Env> {
  readonly #visits = new Visits();
  #writtenAt = 0;
  #isSet = false;

  override async fetch(request: Request): Promise<Response> {
    this.#visits.add(await request.json<Report>(), Date.now());
    if (!this.#isSet && !this.#visits.isEmpty) {
      this.#isSet = true;
      const due = Math.max(Date.now() + FIRST_MS, this.#writtenAt + EVERY_MS);
      await this.ctx.storage.setAlarm(due);
    }
    return new Response(null, { status: 204 });
  }

  override async alarm(): Promise<void> {
    this.#isSet = false;
    this.#writtenAt = Date.now();
    const rows = this.#visits.take(MAX_ROWS);
    try {
      if (rows.length > 0) await writePlays(connect(configOf(this.env)), rows);
    } catch (error) {
      this.#visits.putBack(rows);
      log("warn", "what was played is written later", { reason: reasonOf(error) });
    }
    if (this.#visits.isEmpty || this.#isSet) return;
    this.#isSet = true;
    await this.ctx.storage.setAlarm(Date.now() + EVERY_MS);
  }
}

/** The Durable Objects of one replica; a video always reports to the same one. */
const SHARDS = 8;

/** Hands a report to the object that counts its video. */
export async function countReport(env: Env, report: Report): Promise<void> {
  const shard = [...report.videoId].reduce((sum, char) => sum + char.charCodeAt(0), 0) % SHARDS;
  const counter = env.AUDIENCE.get(env.AUDIENCE.idFromName(`audience-${shard}`));
  await counter.fetch("https://audience/report", { method: "POST", body: JSON.stringify(report) });
}
