/** Moves all videos of a platform, several at a time. */
import { setMaxListeners } from "node:events";
import { type Moved, type Moving, moveVideo } from "./move-video.ts";
import type { Found, Platform } from "./platform.ts";

type All = Omit<Moving, "platform" | "signal"> & {
  /** Ids there; empty: all. */
  only: readonly string[];
  parallel: number;
  /** Ends all calls, also those of the platform. */
  stop: AbortController;
  onMoved(moved: Moved): void;
};

/** Rejects where the whole had to end: what the server fetches goes on, and a second run goes on with the rest. */
export async function moveVideos(platform: Platform, all: All): Promise<void> {
  const { only, parallel, stop, onMoved } = all;
  const moving: Moving = { ...all, platform: platform.name, signal: stop.signal };
  setMaxListeners(0, stop.signal);
  const videos = platform.videos()[Symbol.asyncIterator]();

  async function next(): Promise<Found | undefined> {
    const { value, done } = await videos.next();
    return done || stop.signal.aborted ? undefined : value;
  }

  async function moveInTurn(): Promise<void> {
    try {
      for (let found = await next(); found; found = await next())
        if (only.length === 0 || only.includes(found.id)) onMoved(await moveVideo(found, moving));
    } catch (error) {
      // The first reason is the one that is told.
      stop.abort(error);
    }
  }

  await Promise.all(Array.from({ length: parallel }, moveInTurn));
  stop.signal.throwIfAborted();
}
