/**
 * Limits what one network may report: anybody may invent visits, and each is a row. Kept in memory only, because
 * it protects the tables and decides nothing that is counted.
 */
import { LRUCache } from "lru-cache";

/** So many at once, and each minute after that. */
type Limit = { atOnce: number; perMinute: number };
/** New visits: a school that opens a video together. */
const VISITS: Limit = { atOnce: 300, perMinute: 30 };
/** Reports of which only the time is added: six a minute of each of five hundred people. */
const TIMES: Limit = { atOnce: 3_000, perMinute: 3_000 };

const MAX_KNOWN = 50_000;
const MAX_NETWORKS = 20_000;

type Left = { number: number; at: number };

/**
 * `network` is a hash; undefined where no proxy says who calls: nobody can be told apart there, and nobody is
 * limited. `now` in milliseconds.
 */
export class ReportLimit {
  readonly #known = new LRUCache<string, true>({ max: MAX_KNOWN });
  readonly #visits = new LRUCache<string, Left>({ max: MAX_NETWORKS });
  readonly #times = new LRUCache<string, Left>({ max: MAX_NETWORKS });

  /** Whether the visit may have a row of its own. */
  admitsVisit(network: string | undefined, visit: string, now: number): boolean {
    if (network === undefined || this.#known.has(visit)) return true;
    const isAdmitted = take(this.#visits, network, VISITS, now);
    if (isAdmitted) this.#known.set(visit, true);
    return isAdmitted;
  }

  /** Whether the time of one more report without a visit may be added. */
  admitsTime(network: string | undefined, now: number): boolean {
    return network === undefined || take(this.#times, network, TIMES, now);
  }
}

function take(
  all: LRUCache<string, Left>,
  network: string,
  { atOnce, perMinute }: Limit,
  now: number,
): boolean {
  const { number, at } = all.get(network) ?? { number: atOnce, at: now };
  const left = Math.min(atOnce, number + ((now - at) / 60_000) * perMinute);
  all.set(network, { number: left >= 1 ? left - 1 : left, at: now });
  return left >= 1;
}
