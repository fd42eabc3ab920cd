/** Vidstack's unstyled elements; loaded in the browser only, when a video is to play. */
import Hls, { Events } from "hls.js";
import { isHLSProvider, isVideoProvider } from "vidstack";
import type { MediaPlayerElement } from "vidstack/elements";
import { preferredQuality } from "./preferences.ts";
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
  provider.library = Hls;
  const load = provider.loadSource.bind(provider);
  // Before hls.js is attached, vidstack gives the playlist to the video element. A browser that plays HLS itself
  // begins to, and is interrupted: all is fetched twice, and the player may stand still.
  provider.loadSource = async (source, preload) => {
    if (provider.instance) await load(source, preload);
  };
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

/** Begins at `seconds` and not where it was to begin, however far it has loaded. */
export function beginAt(hls: Hls, seconds: number): void {
  hls.config.startPosition = seconds;
  if (hls.levels.length > 0) hls.startLoad(seconds);
}

/**
 * Its first segment is of the preferred short side already (pixels); null leaves it to the network and to what the
 * player's size can show.
 */
export function startWith(hls: Hls, preferred: () => number | null): void {
  hls.on(Events.MANIFEST_PARSED, () => {
    capToSize(hls);
    const quality = preferredQuality(hls.levels, preferred());
    if (quality) hls.startLevel = hls.levels.indexOf(quality);
  });
}

/** hls.js itself looks at the size a frame later: where its playlist was faster, a phone loaded the largest rendition first. */
function capToSize(hls: Hls): void {
  const { width = 0, height = 0 } = hls.media?.getBoundingClientRect() ?? {};
  if (width === 0 || height === 0) return;
  const { capLevelController, maxDevicePixelRatio } = hls.config;
  const scale = Math.min(window.devicePixelRatio, maxDevicePixelRatio);
  const largest = capLevelController?.getMaxLevelByMediaSize(hls.levels, width * scale, height * scale);
  if (largest !== undefined) hls.autoLevelCapping = largest;
}

/**
 * Plays in the preferred quality from now on. What is being loaded is finished: hls.js can wait forever for a
 * first segment that a switch at once has ended.
 */
export function keepTo(qualities: MediaPlayerElement["qualities"], preferred: number | null): void {
  const quality = preferredQuality([...qualities], preferred);
  if (!quality) return;
  qualities.switch = "load";
  quality.selected = true;
  qualities.switch = "current";
}

/** The video element of a provider that plays HLS. */
export const videoOf = (provider: unknown): HTMLVideoElement | undefined =>
  isHLSProvider(provider) ? provider.video : undefined;

/** The video element of a provider that leaves HLS to the browser (a phone without media sources). */
export const nativeVideoOf = (provider: unknown): HTMLVideoElement | undefined =>
  isVideoProvider(provider) && !isHLSProvider(provider) ? provider.video : undefined;

/** A paused video is often left: until it plays on, only a few seconds are loaded ahead. */
export function bufferLittleWhilePaused(hls: Hls, player: MediaPlayerElement, signal: AbortSignal): void {
  const limit = (state: keyof typeof AHEAD) => () => {
    hls.config.maxBufferLength = AHEAD[state];
    hls.config.maxMaxBufferLength = MAX_AHEAD[state];
  };
  player.addEventListener("pause", limit("paused"), { signal });
  player.addEventListener("play", limit("playing"), { signal });
}
