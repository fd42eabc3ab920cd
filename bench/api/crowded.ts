/**
 * How long reads take while many people sign in and many live streams are open, beside the same reads alone.
 */
import { openStreams, signIn } from "./crowd.ts";
import { type Ask, load, percentile } from "./load.ts";
import type { Stage } from "./stage.ts";

const STREAMS = 500;
const SIGN_INS = 50;
const ALONE_SECONDS = 8;
const READS = ["me", "list", "video", "playback", "playlists"] as const;

/** p99 in milliseconds, per round. */
export type Disturbed = { alone: number[]; crowded: number[]; streams: number; signIns: number };

/** Every kind of read in turn, by all clients. */
async function reads(stage: Stage): Promise<Ask[][]> {
  const byRoute: Ask[][][] = [];
  for (const route of READS) byRoute.push(await stage.asks(route));
  const [first = []] = byRoute;
  return first.map((_, client) => {
    const own = byRoute.map((route) => route[client] ?? []);
    const longest = Math.max(...own.map((asks) => asks.length));
    return Array.from({ length: longest }, (_ask, turn) =>
      own.flatMap((asks) => asks[turn % asks.length] ?? []),
    ).flat();
  });
}

/** p99 of the reads, alternately alone and with the crowd. */
export async function crowded(stage: Stage, rounds: number): Promise<Disturbed> {
  const found: Disturbed = { alone: [], crowded: [], streams: STREAMS, signIns: SIGN_INS };
  for (let round = 0; round < rounds; round += 1) {
    const asks = await reads(stage);
    found.alone.push(percentile((await load(stage.url, asks, ALONE_SECONDS)).times, 0.99));
    using _streams = await openStreams(stage.url, stage.people, STREAMS);
    let isOver = false;
    const crowd = signIn(stage.url, stage.people, SIGN_INS).finally(() => {
      isOver = true;
    });
    const { times } = await load(stage.url, asks, Number.POSITIVE_INFINITY, () => isOver);
    await crowd;
    found.crowded.push(percentile(times, 0.99));
  }
  return found;
}
