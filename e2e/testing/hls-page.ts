/**
 * What runs inside the test's page: hls.js on a video element, and a log of all that a viewer would notice.
 */
import type HlsPlayer from "hls.js";

/** `stalls`: times (seconds) at which the player waited although its known playlist had more. */
export type PlayerState = {
  errors: string[];
  stalls: number[];
  levels: number[];
  frames: number;
  currentTime: number;
};

declare global {
  interface Window {
    Hls: typeof HlsPlayer;
    watching: { hls: HlsPlayer; errors: string[]; stalls: number[]; levels: number[] };
  }
}

/** When the next rendition takes its turn: with every segment, or only where enough is buffered not to wait. */
type Turns = "always" | "buffered";
type Playing = { url: string; level: number; turns?: Turns };

/**
 * Starts playing `url` from its beginning. `level` counts renditions from the smallest; with `turns` the
 * segments come from one rendition after the other. Each function here is sent to the page alone: nothing
 * around it exists there.
 */
export function startPlayer({ url, level, turns }: Playing): void {
  const video = document.querySelector("video");
  if (!video) throw new Error("no video element");
  // A short buffer, so that every change of level is seen soon.
  const hls = new window.Hls({
    startPosition: 0,
    maxBufferLength: 6,
    maxMaxBufferLength: 8,
    enableWorker: false,
  });
  const diary = { hls, errors: [] as string[], stalls: [] as number[], levels: [] as number[] };
  window.watching = diary;
  const { Events } = window.Hls;
  hls.on(Events.ERROR, (_, { details, fatal, error }) => {
    const known = hls.latestLevelDetails?.edge ?? 0;
    const atEdge = details === "bufferStalledError" && known - video.currentTime < 2;
    // All of it is buffered: a machine that is busy decodes later, which playback at its end shows to be all.
    const isWhole =
      video.buffered.length === 1 &&
      video.buffered.start(0) <= video.currentTime &&
      video.buffered.end(0) > known - 0.1;
    const isLate = details === "bufferStalledError" && isWhole;
    // Our own change of rendition aborts what is being loaded: nothing that a viewer notices.
    const ownTurn = turns !== undefined && details === "aborted" && !fatal;
    if (!atEdge && !isLate && !ownTurn)
      diary.errors.push(`${details}${fatal ? ", fatal" : ""}: ${error.message} at ${video.currentTime}`);
  });
  hls.on(Events.FRAG_CHANGED, (_, { frag }) => {
    if (frag.type === "main" && diary.levels.at(-1) !== frag.level) diary.levels.push(frag.level);
  });
  if (turns)
    hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
      if (frag.type !== "main") return;
      const buffered = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0;
      const known = hls.latestLevelDetails?.edge ?? 0;
      // A change costs a playlist and an init: not where the player would wait for them.
      if (turns === "always" || buffered - video.currentTime > 3 || buffered > known - 1)
        hls.loadLevel = (frag.level + 1) % hls.levels.length;
    });
  video.addEventListener("waiting", () => {
    const known = hls.latestLevelDetails?.edge ?? 0;
    if (video.currentTime > 0.1 && known - video.currentTime > 2) diary.stalls.push(video.currentTime);
  });
  hls.on(Events.MANIFEST_PARSED, () => {
    hls.loadLevel = level;
    void video.play();
  });
  hls.loadSource(url);
  hls.attachMedia(video);
}

export function playerState(): PlayerState {
  const video = document.querySelector("video");
  const { errors, stalls, levels } = window.watching;
  const frames = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  return { errors, stalls, levels, frames, currentTime: video?.currentTime ?? 0 };
}
