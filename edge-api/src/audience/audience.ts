/**
 * Gathers the reports of players in memory and writes them rarely: ten thousand viewers are not ten thousand
 * statements. Several Durable Objects per replica share the videos.
 */
import { DurableObject } from "cloudflare:workers";
import type { Beat } from "@storagex/contract/sharing";
import { LRUCache } from "lru-cache";
import { configOf, type Env } from "../config.ts";
import { connect, type Db } from "../db/connect.ts";
import { isUnstorable } from "../db/failure.ts";
import { log, reasonOf } from "../observe/log.ts";
import type { Right } from "../playback/access.ts";
import { refOf } from "../playback/standing.ts";
import { dayOf } from "../quota/range.ts";
import { lengthOf } from "./ranges.ts";
import { ReportLimit } from "./report-limit.ts";
import { dailyHash, deviceOf, placeOf, readSalt, type SaltedDay, shortHash } from "./visitor.ts";
import { type Granted, MAX_MS, onlyTime, type Visit, Visits } from "./visits.ts";
import { writeVisits } from "./write.ts";

/** A player's report with what its token grants, and who sent it: never written, only hashed. */
export type Report = {
  right: Right;
  beat: Beat;
  /** The browser asks not to be followed (DNT, Sec-GPC): nothing is kept but the time that was played. */
  isPrivate: boolean;
  network: string | undefined;
  userAgent: string | undefined;
  languages: string | undefined;
  /** The grant was read just now and stands, although it may have ended before. */
  stands: boolean;
};

/** Milliseconds between two writes; the first after a pause comes sooner, so that a view is seen. */
const EVERY_MS = 30_000;
const FIRST_MS = 2_000;
/** Runtimes evict an object after ten seconds without an event, and what it gathered: alarms are events. */
const AWAKE_MS = 5_000;
/** Visits of one statement. */
const MAX_ROWS = 2_000;
/** Of a report by somebody who is not followed, whose clock is not known. */
const MAX_ALONE_MS = 30_000;
/** How long a grant is asked about for each report after it was found to have ended. */
const ENDED_MS = 600_000;
const SALT_AGAIN_MS = 10_000;
const DAY_MS = 86_400_000;

export class Audience extends DurableObject<Env> {
  readonly #visits = new Visits();
  readonly #limit = new ReportLimit();
  readonly #ended = new LRUCache<string, true>({ max: 10_000, ttl: ENDED_MS, ttlResolution: 0 });
  #today: (SaltedDay & { until: number }) | undefined;
  #reading: Promise<void> | undefined;
  #writtenAt = 0;
  #writeAt = Number.POSITIVE_INFINITY;
  #alarmAt = Number.POSITIVE_INFINITY;

  override async fetch(request: Request): Promise<Response> {
    const report = await request.json<Report>();
    const key = keyOf(grantedOf(report.right));
    if (report.stands) this.#ended.delete(key);
    else if (this.#ended.has(key)) return new Response(null, { status: 403 });
    const visit = await this.#visitOf(report);
    if (visit) this.#visits.add(visit);
    if (!this.#visits.isEmpty) {
      const soonest = Math.max(Date.now() + FIRST_MS, this.#writtenAt + EVERY_MS);
      this.#writeAt = Math.min(this.#writeAt, soonest);
      await this.#staysUntil(this.#writeAt);
    }
    return new Response(null, { status: 204 });
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#forgetSalt();
    if (Date.now() >= this.#writeAt) {
      this.#writtenAt = Date.now();
      this.#writeAt = Number.POSITIVE_INFINITY;
      await this.#write();
      if (!this.#visits.isEmpty) this.#writeAt = this.#writtenAt + EVERY_MS;
    }
    if (!this.#visits.isEmpty) await this.#staysUntil(this.#writeAt);
    else if (this.#today) await this.#wakeAt(this.#today.until);
  }

  async #staysUntil(time: number): Promise<void> {
    await this.#wakeAt(Math.min(time, Date.now() + AWAKE_MS));
  }

  /** An alarm that is set earlier stays. */
  async #wakeAt(time: number): Promise<void> {
    if (time >= this.#alarmAt) return;
    this.#alarmAt = time;
    await this.ctx.storage.setAlarm(time);
  }

  async #write(): Promise<void> {
    const db = connect(configOf(this.env));
    // What is reported meanwhile waits for the next time.
    for (let left = this.#visits.size; left > 0; left -= MAX_ROWS) {
      const isTaken = await this.#writeStorable(db, this.#visits.take(Math.min(left, MAX_ROWS)));
      if (!isTaken) return;
    }
  }

  /**
   * Writes all but those visits that hold a value which cannot be stored, and cannot be later, either: one player's
   * report must not take those of others with it. Returns whether the database took them; what it did not waits.
   */
  async #writeStorable(db: Db, visits: readonly Visit[]): Promise<boolean> {
    try {
      const ended = await writeVisits(db, visits, Date.now());
      for (const granted of ended) this.#ended.set(keyOf(granted), true);
      return true;
    } catch (error) {
      if (!isUnstorable(error)) {
        this.#visits.putBack(visits);
        log("warn", "what was played is written later", { reason: reasonOf(error) });
        return false;
      }
      if (visits.length === 1) {
        log("error", "what was played cannot be written", { reason: reasonOf(error) });
        return true;
      }
      const half = Math.ceil(visits.length / 2);
      const isFirst = await this.#writeStorable(db, visits.slice(0, half));
      // Also after an outage: each half is written once, or waits.
      return (await this.#writeStorable(db, visits.slice(half))) && isFirst;
    }
  }

  /** What is counted of a report; undefined if nothing is. */
  async #visitOf({ right, beat, isPrivate, ...from }: Report): Promise<Visit | undefined> {
    const now = Date.now();
    const { day, salt } = await this.#saltedDay(now);
    const visit = visitOf(right, beat, { day, now, userAgent: from.userAgent });
    if (visit.claimedMs === 0 && !visit.ended) return undefined;
    if (!isPrivate && this.#visits.has(visit)) return visit;
    const network = from.network === undefined ? undefined : await shortHash([salt ?? day, from.network]);
    if (
      !isPrivate &&
      this.#limit.admitsVisit(network, `${visit.video} ${visit.scope} ${visit.session}`, now)
    ) {
      const named = right.grant.kind === "viewer" ? right.grant.viewer : "";
      if (salt === undefined) return visit;
      return { ...visit, viewer: await dailyHash(salt, { videoId: visit.video, named, ...from }) };
    }
    if (!this.#limit.admitsTime(network, now)) return undefined;
    return onlyTime({ ...visit, claimedMs: Math.min(visit.claimedMs, MAX_ALONE_MS) });
  }

  /** Without a salt where the database cannot be reached: the next report brings the hash. */
  async #saltedDay(now: number): Promise<SaltedDay> {
    this.#forgetSalt();
    if (!this.#today) {
      this.#reading ??= this.#readSalt().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#today ?? { day: dayOf(Math.floor(now / DAY_MS)), salt: undefined };
  }

  async #readSalt(): Promise<void> {
    const now = Date.now();
    try {
      const { left, ...today } = await readSalt(connect(configOf(this.env)));
      this.#today = { ...today, until: now + left };
    } catch (error) {
      const day = dayOf(Math.floor(now / DAY_MS));
      this.#today = { day, salt: undefined, until: now + SALT_AGAIN_MS };
      log("warn", "viewers are not told apart for now", { reason: reasonOf(error) });
    }
  }

  /** At midnight nothing remembers the salt any more. */
  #forgetSalt(): void {
    if (this.#today && Date.now() >= this.#today.until) this.#today = undefined;
  }
}

function visitOf(
  right: Right,
  beat: Beat,
  { day, now, userAgent }: { day: string; now: number; userAgent: string | undefined },
): Visit {
  const { grant } = right;
  const share = grant.kind === "share" ? grant.shareId : "";
  const named = grant.kind === "viewer" ? grant.viewer : "";
  return {
    ...grantedOf(right),
    scope: share ? `s:${share}` : named ? `v:${named}` : "",
    ...{ share, session: beat.session, day, viewer: null, began: now },
    ...{ device: deviceOf(userAgent), place: placeOf(beat.place) },
    ...{ claimedMs: Math.min(MAX_MS, Math.round(lengthOf(beat.played) * 1000)), played: beat.played },
    ...{ startupMs: beat.startupMs ?? null, stallMs: beat.stallMs, ended: beat.ended },
  };
}

const grantedOf = ({ videoId, generation, grant }: Right): Granted => ({
  video: videoId,
  generation,
  kind: grant.kind,
  ...refOf(grant),
});

const keyOf = ({ video, generation, kind, ref, lock }: Granted) =>
  JSON.stringify([video, generation, kind, ref, lock]);

/** The Durable Objects of one replica; a video always reports to the same one. */
const SHARDS = 8;

/** Hands a report to the object that counts its video. Returns false, and counts nothing, if its grant had ended lately. */
export async function countReport(env: Env, report: Report): Promise<boolean> {
  const shard = [...report.right.videoId].reduce((sum, char) => sum + char.charCodeAt(0), 0) % SHARDS;
  const counter = env.AUDIENCE.get(env.AUDIENCE.idFromName(`audience-${shard}`));
  const body = JSON.stringify(report);
  const { status } = await counter.fetch("https://audience/report", { method: "POST", body });
  return status !== 403;
}
