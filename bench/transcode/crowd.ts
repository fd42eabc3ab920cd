/**
 * One short video, then ten at once, while a long one is being encoded: how long the short ones wait, and
 * what they cost the long one. A clip is a short video, a film a long one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { playbackSchema } from "@storagex/contract/videos/playback";
import type { Product } from "./product.ts";
import { complete, decodeFirst, remove, uploaded } from "./through.ts";

const CLIPS = 10;
/** Share of the film that is done when the clips arrive. */
const STARTED = 0.15;

/** Seconds from `complete` sent. */
export type Clip = { firstFrame: number; completed: number };

export type Crowd = {
  /** The clip alone. */
  idle: Clip;
  /** The film alone, `complete` → completed. */
  film: number;
  /** The clip while the film is encoded, and that film. */
  clip: Clip;
  disturbed: number;
  /**
   * Ten clips at once while a film is encoded: times of the first frames, in the order in which the clips
   * arrived.
   */
  firstFrames: number[];
  /** Share of the film that was done when the first clip arrived, and when the last one showed a frame. */
  moved: [number, number];
};

/** Completes the uploaded video, and follows it to its first decoded frame and its completion. */
async function followed(product: Product, id: string): Promise<Clip> {
  const { sent } = await complete(product, id);
  const firstFrame = await decodeFirst(product, id, sent);
  const { completed } = await product.until(id, ({ status }) => status === "completed");
  return { firstFrame, completed: (completed ?? Number.NaN) - sent };
}

/**
 * Starts a film, calls `act` once the film is well under way, and returns the film's wall time and the result
 * of `act`.
 */
async function during<T>(
  product: Product,
  film: string,
  act: (id: string) => Promise<T>,
): Promise<[number, T]> {
  const id = await uploaded(product, film);
  const { sent } = await complete(product, id);
  while ((await product.share(id)) < STARTED) await sleep(250);
  const found = await act(id);
  const { completed } = await product.until(id, ({ status }) => status === "completed");
  await remove(product, id);
  return [(completed ?? Number.NaN) - sent, found];
}

/** When each of `ids` became playable, in seconds from `since`; polls those that are not yet playable. */
async function playableAt(product: Product, ids: readonly string[], since: number): Promise<number[]> {
  const found = new Map<string, number>();
  while (found.size < ids.length) {
    for (const id of ids.filter((each) => !found.has(each))) {
      const answer = await product.person.call("GET", `/v1/videos/${id}/playback`);
      const text = await answer.text();
      if (answer.ok && playbackSchema.parse(JSON.parse(text)).hls !== null)
        found.set(id, Date.now() / 1000 - since);
    }
    await sleep(100);
  }
  return ids.map((id) => found.get(id) ?? Number.NaN);
}

/** Runs all cases one after the other on one worker. `film` and `clip` are sources. */
export async function crowd(product: Product, film: string, clip: string): Promise<Crowd> {
  const alone = await uploaded(product, clip);
  const idle = await followed(product, alone);
  await remove(product, alone);
  const [undisturbed] = await during(product, film, async () => undefined);
  const one = await uploaded(product, clip);
  const [disturbed, seen] = await during(product, film, () => followed(product, one));
  await remove(product, one);
  const many: string[] = [];
  for (let n = 0; n < CLIPS; n++) many.push(await uploaded(product, clip));
  const [, { firstFrames, moved }] = await during(product, film, async (id) => {
    const before = await product.share(id);
    const since = Date.now() / 1000;
    for (const each of many) await complete(product, each);
    const firstFrames = await playableAt(product, many, since);
    const moved: [number, number] = [before, await product.share(id)];
    return { firstFrames, moved };
  });
  for (const id of many) await remove(product, id);
  return { idle, film: undisturbed, clip: seen, disturbed, firstFrames, moved };
}

/** How many of `times` are earlier than one that precedes them in the list. */
export const outOfOrder = (times: readonly number[]): number =>
  times.filter((time, n) => times.slice(0, n).some((earlier) => earlier > time)).length;
