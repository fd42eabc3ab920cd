/** Where a viewer stopped, per account and video, kept in this browser. */
import { z } from "zod";

/** Videos whose place is kept: the newest. */
const MAX_PLACES = 200;
/** Nearer than this to either end, a video begins at its beginning: seconds, and a share of a short video. */
const MARGIN = 5;
const MARGIN_SHARE = 0.1;

const placesSchema = z.array(z.tuple([z.string(), z.number().min(0)]));

/** What of Storage is used; it may throw where the browser forbids it. */
type Store = Pick<Storage, "getItem" | "setItem">;

const keyOf = (account: string) => `storagex:places:${account}`;

/** Seconds, or 0 where nothing is kept. Text by somebody else is as nothing. */
export function placeOf(store: Store, account: string, video: string): number {
  return read(store, account).find(([id]) => id === video)?.[1] ?? 0;
}

/** Keeps `seconds` of a video of `duration`; near either end it forgets the video. */
export function keepPlace(
  store: Store,
  { account, video }: { account: string; video: string },
  seconds: number,
  duration: number,
): void {
  const others = read(store, account).filter(([id]) => id !== video);
  const margin = Math.min(MARGIN, duration * MARGIN_SHARE);
  const isInside = seconds > margin && seconds < duration - margin;
  const places = isInside ? [[video, Math.floor(seconds)], ...others] : others;
  try {
    store.setItem(keyOf(account), JSON.stringify(places.slice(0, MAX_PLACES)));
  } catch {
    // A full or forbidden storage only means that nothing is remembered.
  }
}

function read(store: Store, account: string): z.infer<typeof placesSchema> {
  try {
    return placesSchema.parse(JSON.parse(store.getItem(keyOf(account)) ?? "[]"));
  } catch {
    return [];
  }
}
