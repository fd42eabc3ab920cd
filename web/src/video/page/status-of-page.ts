/** The status bar of a video's own page: as in the lists, but with what is known of its pieces. Pure. */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { t as status } from "../../messages/status.ts";
import { t } from "../../messages/video.ts";
import { formatPercent } from "../../ui/format.ts";
import type { StatusWords } from "../../ui/StatusBar.tsx";
import { importStatus, linkStatus, videoStatus } from "../status-bar.ts";
import { phaseOf } from "../timeline/timeline.ts";

type Shown = Pick<
  VideoDetail,
  | "status"
  | "progress"
  | "uploaded"
  | "queuePosition"
  | "playable"
  | "error"
  | "processing"
  | "origin"
  | "import"
>;

export function pageStatus(video: Shown): StatusWords {
  if (video.status === "completed") return { tone: "signal", left: status("ready") };
  if (video.status === "pending_upload" && video.origin === "import") return importStatus(video);
  if (video.status === "pending_upload" && video.origin === "link") return linkStatus(video);
  // On its own page what is there plays above the bar: the bar is for the rest of the file.
  if (video.status === "pending_upload" && video.uploaded > 0)
    return {
      tone: "signal",
      left: status("unfinishedAt", formatPercent(video.uploaded)),
      right: status("chooseFile"),
      icon: "plus",
      fraction: video.uploaded,
    };
  if (video.status !== "processing" || !video.processing) return videoStatus(video);
  const percent = formatPercent(Math.min(video.progress, 0.999));
  const left = {
    queued: status("queued"),
    reading: t("reading"),
    uploading: t("waitingForUpload"),
    waiting: t("waitingForWorker"),
    encoding: status("encodingAt", percent),
    finishing: t("finishingAt", percent),
    done: status("ready"),
  }[phaseOf(video.processing)];
  return { tone: "signal", left, fraction: video.progress };
}
