/** Vidstack's unstyled elements; loaded in the browser only, when a video is first shown. */
import { isHLSProvider } from "vidstack";
import "vidstack/player";
import "vidstack/player/ui";

/** hls.js from our own bundle; the growing playlist of an unfinished video begins at its beginning, not at its live edge. */
export function useOwnHls(provider: unknown): void {
  if (!isHLSProvider(provider)) return;
  provider.library = () => import("hls.js");
  const config = { startPosition: 0, backBufferLength: 60 };
  // Captions come as tracks of the page, so that new ones appear while it plays: hls.js must not add the list's once more.
  Reflect.set(config, "subtitleTrackController", undefined);
  provider.config = config;
}
