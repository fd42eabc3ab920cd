/** What players report, added up in memory: plain, without clock and database of its own. */
import type { Beat } from "@storagex/contract/sharing";
import { LRUCache } from "lru-cache";
import type { Grant } from "../playback/access.ts";

/** A player's report with what its token grants. */
export type Report = {
  videoId: string;
  grant: Grant;
  beat: Pick<Beat, "session" | "played">;
  /** The browser asks not to be followed (DNT, Sec-GPC): nothing is kept but the time that was played. */
  isPrivate: boolean;
};

/** What is added to a row of `plays`. */
export type Added = { video: string; share: string; views: number; seconds: number };

/** A view counts after this many seconds of playing. */
const VIEW_SECONDS = 3;
/** Players report every 10 s, at most at double speed; a report after a pause in the network holds more. */
const MAX_SPEED = 2.5;
const SLACK_SECONDS = 30;
/** Visits that are remembered; the oldest are forgotten first. */
const MAX_VISITS = 50_000;

type Visit = { seconds: number; isCounted: boolean; at: number };

export class Visits {
  readonly #visits = new LRUCache<string, Visit>({ max: MAX_VISITS });
  #added = new Map<string, Added>();

  get isEmpty(): boolean {
    return this.#added.size === 0;
  }

  /** Counts a report that arrived at `now` (milliseconds). */
  add({ videoId, grant, beat, isPrivate }: Report, now: number): void {
    const share = grant.kind === "share" ? grant.shareId : "";
    const claimed = beat.played.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
    if (isPrivate) {
      this.#count(videoId, share, 0, Math.min(claimed, SLACK_SECONDS));
      return;
    }
    const key = `${videoId} ${share} ${beat.session}`;
    const visit = this.#visits.get(key) ?? { seconds: 0, isCounted: false, at: now };
    // Nobody plays more than time allows, whatever a client claims.
    const seconds = Math.min(claimed, ((now - visit.at) / 1000) * MAX_SPEED + SLACK_SECONDS);
    const total = visit.seconds + seconds;
    const isView = !visit.isCounted && total >= VIEW_SECONDS;
    this.#visits.set(key, { seconds: total, isCounted: visit.isCounted || isView, at: now });
    this.#count(videoId, share, isView ? 1 : 0, seconds);
  }

  #count(video: string, share: string, views: number, seconds: number): void {
    if (views === 0 && seconds === 0) return;
    const key = `${video} ${share}`;
    const before = this.#added.get(key) ?? { video, share, views: 0, seconds: 0 };
    this.#added.set(key, { ...before, views: before.views + views, seconds: before.seconds + seconds });
  }

  /** Takes up to `max` rows out, to be written. */
  take(max: number): Added[] {
    const taken = [...this.#added.values()].slice(0, max);
    for (const { video, share } of taken) this.#added.delete(`${video} ${share}`);
    return taken;
  }

  /** Puts rows back that could not be written. */
  putBack(rows: readonly Added[]): void {
    for (const { video, share, views, seconds } of rows) this.#count(video, share, views, seconds);
  }
}
