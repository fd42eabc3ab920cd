/** The status bar of a video's own page: as in the lists, but with what is known of its pieces. Pure. */
import type { VideoDetail } from "@storagex/contract/video";
import { formatPercent } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { videoStatus } from "./status-bar.ts";
import { phaseOf } from "./timeline.ts";

type Shown = Pick<VideoDetail, "status" | "progress" | "queuePosition" | "playable" | "error" | "processing">;

export function pageStatus(video: Shown): StatusWords {
  if (video.status === "completed") return { tone: "signal", left: "Ready" };
  if (video.status !== "processing" || !video.processing) return videoStatus(video);
  const percent = formatPercent(Math.min(video.progress, 0.999));
  const left = {
    queued: "Queued",
    reading: "Reading the file",
    waiting: "Waiting for a worker",
    encoding: `Encoding ${percent}`,
    finishing: `Finishing ${percent}`,
    done: "Ready",
  }[phaseOf(video.processing)];
  return { tone: "signal", left, fraction: video.progress };
}
