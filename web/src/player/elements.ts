/** Vidstack's unstyled elements; loaded in the browser only, when a video is first shown. */
import { isHLSProvider } from "vidstack";
import "vidstack/player";
import "vidstack/player/ui";

/**
 * hls.js from our own bundle. The growing playlist of an unfinished video starts at its beginning, not at its
 * live edge.
 */
export function useOwnHls(provider: unknown): void {
  if (!isHLSProvider(provider)) return;
  provider.library = () => import("hls.js");
  const config = { startPosition: 0, backBufferLength: 60 };
  // The page adds the captions as tracks, so that new ones appear while it plays: hls.js must not add the
  // playlist's again.
  Reflect.set(config, "subtitleTrackController", undefined);
  provider.config = config;
}
