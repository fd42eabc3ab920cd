/** The text of a video's status bar, by its status. Pure. */
import type { Video } from "@storagex/contract/video";
import { formatOrdinal, formatPercent } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { mayRetry } from "./may-retry.ts";

type Shown = Pick<Video, "status" | "progress" | "queuePosition" | "playable" | "error">;

export function videoStatus(video: Shown): StatusWords {
  switch (video.status) {
    case "pending_upload":
      return { tone: "plain", left: "Unfinished", right: "Choose the file", icon: "plus" };
    case "queued":
      return video.queuePosition === null
        ? { tone: "plain", left: "Queued" }
        : {
            tone: "plain",
            left: "Queued",
            right: `${formatOrdinal(video.queuePosition)} in line`,
            figures: true,
          };
    case "processing":
      return {
        tone: "signal",
        left: `Encoding ${formatPercent(Math.min(video.progress, 0.999))}`,
        fraction: video.progress,
        ...(video.playable ? { right: "Watch now", icon: "play" as const } : {}),
      };
    case "completed":
      return { tone: "signal", left: "Ready", right: "Watch", icon: "play" };
    case "failed":
      return mayRetry(video)
        ? { tone: "fail", left: "Failed", right: "Try again", icon: "retry" }
        : { tone: "fail", left: "Failed", right: "Upload another", icon: "plus" };
  }
}

/** The URL of a video's page. */
export const videoHref = (video: { id: string }) => `/videos/${encodeURIComponent(video.id)}`;

/** Router state for a video's page: somebody pressed "Watch". */
export const PLAY = { play: true } as const;
