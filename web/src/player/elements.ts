/** Vidstack's unstyled elements; loaded in the browser only, when a video is to play. */
import type Hls from "hls.js";
import { isHLSProvider } from "vidstack";
import type { MediaPlayerElement } from "vidstack/elements";
import "vidstack/player";
import "vidstack/player/ui";

/** Seconds buffered ahead, and the most that a short clip of little data may reach. */
const AHEAD = { playing: 30, paused: 8 } as const;
const MAX_AHEAD = { playing: 60, paused: 8 } as const;
/** Bytes. */
const MAX_BUFFER = 12_000_000;

/**
 * hls.js from our own bundle. The growing playlist of an unfinished video starts at `from` (seconds), not at
 * its live edge. It loads what the player's size can show, and a short span of it.
 */
export function useOwnHls(provider: unknown, from: number): void {
  if (!isHLSProvider(provider)) return;
  provider.library = () => import("hls.js");
  const config = {
    startPosition: from,
    capLevelToPlayerSize: true,
    // A phone's third pixel per point shows no difference and costs the next rendition.
    maxDevicePixelRatio: 2,
    backBufferLength: 60,
    maxBufferLength: AHEAD.playing,
    maxMaxBufferLength: MAX_AHEAD.playing,
    maxBufferSize: MAX_BUFFER,
  };
  // The page adds the captions as tracks, so that new ones appear while it plays: hls.js must not add the
  // playlist's again.
  Reflect.set(config, "subtitleTrackController", undefined);
  provider.config = config;
}

/** The video element of a provider that plays HLS. */
export const videoOf = (provider: unknown): HTMLVideoElement | undefined =>
  isHLSProvider(provider) ? provider.video : undefined;

/** A paused video is often left: until it plays on, only a few seconds are loaded ahead. */
export function bufferLittleWhilePaused(hls: Hls, player: MediaPlayerElement, signal: AbortSignal): void {
  const limit = (state: keyof typeof AHEAD) => () => {
    hls.config.maxBufferLength = AHEAD[state];
    hls.config.maxMaxBufferLength = MAX_AHEAD[state];
  };
  player.addEventListener("pause", limit("paused"), { signal });
  player.addEventListener("play", limit("playing"), { signal });
}
