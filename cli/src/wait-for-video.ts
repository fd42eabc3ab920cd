/** Waits until a video is ready to watch as a whole, or has failed. */
import { setTimeout as sleep } from "node:timers/promises";
import { expectData, ProblemError, type Video } from "@storagex/client";
import type { Session } from "./session.ts";

/** Between two looks. Milliseconds. */
const GAP = 1_000;

/**
 * The video once it is `completed` or `failed`, or `isEnough` says so; `onChange` is told of it until then.
 */
export async function waitForVideo(
  { client }: Session,
  id: string,
  signal: AbortSignal,
  onChange: (video: Video) => void,
  isEnough: (video: Video) => boolean = () => false,
): Promise<Video> {
  for (;;) {
    const video = await look();
    if (video) {
      onChange(video);
      if (video.status === "completed" || video.status === "failed" || isEnough(video)) return video;
    }
    await sleep(GAP, undefined, { signal });
  }

  /** Undefined where the API could not answer for a while. */
  async function look(): Promise<Video | undefined> {
    try {
      return expectData(await client.GET("/v1/videos/{id}", { params: { path: { id } }, signal }));
    } catch (error) {
      const mayPass =
        error instanceof TypeError ||
        (error instanceof ProblemError && (error.status >= 500 || error.status === 429));
      if (!mayPass) throw error;
      return undefined;
    }
  }
}
