/** The signed URLs of one video as its page needs them: for the player and for the download. */

import type { VideoDetail } from "@storagex/contract/videos/video";
import { getPlayback } from "../api/calls/videos.ts";
import { useQuery } from "../api/query.ts";

const stateOf = (status: VideoDetail["status"]) => (status === "pending_upload" ? "processing" : status);

export type PlaybackQuery = ReturnType<typeof createPlaybackQuery>;

export function createPlaybackQuery(video: () => VideoDetail) {
  return useQuery(() => ({
    // Fetched again when the state changes (only then is there an MP4 or a storyboard) and when captions are
    // added or deleted; not at the end of an upload, which changes nothing for who watches.
    queryKey: ["playback", video().id, stateOf(video().status), video().captions.map(({ id }) => id)],
    queryFn: () => getPlayback(video().id),
    enabled: video().playable || video().status === "completed",
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before: Awaited<ReturnType<typeof getPlayback>> | undefined) => before,
  }));
}
