/**
 * What players reported since the last write, one entry for a visit: plain, without clock and database of its
 * own. It may be lost at any time: what a visit amounts to is decided where it is written.
 */
import type { Device } from "@storagex/contract/audience";
import { covered, type Range } from "./ranges.ts";

/** By what a visit was allowed: asked again when it is written. */
export type Granted = { video: string; generation: number; kind: string; ref: string; lock: number };

export type Visit = Granted & {
  /** `s:` and a share's id, `v:` and the hash of a viewer that a site named, or empty. */
  scope: string;
  share: string;
  /** Empty for all who ask not to be followed: of them only the time is added. */
  session: string;
  day: string;
  viewer: string | null;
  device: Device;
  place: string | null;
  /** Time of the first report, milliseconds. */
  began: number;
  /** What the player says was played, milliseconds. */
  claimedMs: number;
  startupMs: number | null;
  stallMs: number;
  ended: boolean;
  /** Seconds of the video. */
  played: readonly Range[];
};

/** Ranges of one visit in one write. */
const MAX_RANGES = 50;
/** Visits between two writes. Of more, only the time is added. */
const MAX_VISITS = 25_000;
/** A day: more is no visit, and would not fit. */
export const MAX_MS = 86_400_000;

export class Visits {
  readonly #visits = new Map<string, Visit>();

  get size(): number {
    return this.#visits.size;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Whether the visit is known since the last write. */
  has(visit: Pick<Visit, "video" | "scope" | "session">): boolean {
    return this.#visits.has(keyOf(visit));
  }

  add(visit: Visit): void {
    const isTooMany = this.#visits.size >= MAX_VISITS && !this.has(visit);
    const added = isTooMany ? onlyTime(visit) : visit;
    const key = keyOf(added);
    const before = this.#visits.get(key);
    this.#visits.set(
      key,
      before ? together(before, added) : { ...added, played: covered(added.played, MAX_RANGES) },
    );
  }

  /** Takes up to `max` visits out, to be written. */
  take(max: number): Visit[] {
    const taken: Visit[] = [];
    for (const [key, visit] of this.#visits) {
      if (taken.length >= max) break;
      taken.push(visit);
      this.#visits.delete(key);
    }
    return taken;
  }

  /** Puts visits back that could not be written. */
  putBack(visits: readonly Visit[]): void {
    for (const visit of visits) {
      const key = keyOf(visit);
      const later = this.#visits.get(key);
      this.#visits.set(key, later ? together(visit, later) : visit);
    }
  }
}

/** What is kept of somebody who asks not to be followed: the time, on the video and the share. */
export const onlyTime = (visit: Visit): Visit => ({
  ...visit,
  ...(visit.share ? {} : { scope: "" }),
  ...{ session: "", viewer: null, device: "other", place: null, startupMs: null, stallMs: 0, ended: false },
  played: [],
});

/** A day of its own: what is only time is added to the day on which it was played. */
const keyOf = ({
  video,
  scope,
  session,
  day,
}: Pick<Visit, "video" | "scope" | "session"> & { day?: string }) => `${video} ${scope} ${session || day}`;

function together(before: Visit, later: Visit): Visit {
  return {
    // The newest right to watch, of the first day.
    ...later,
    day: before.day,
    began: before.began,
    viewer: before.viewer ?? later.viewer,
    place: before.place ?? later.place,
    claimedMs: Math.min(MAX_MS, before.claimedMs + later.claimedMs),
    startupMs: before.startupMs ?? later.startupMs,
    stallMs: Math.max(before.stallMs, later.stallMs),
    ended: before.ended || later.ended,
    played: covered([...before.played, ...later.played], MAX_RANGES),
  };
}
