/** The text of a video's status bar, by its status. Pure. */
import type { Video } from "@storagex/contract/videos/video";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/status.ts";
import { formatOrdinal, formatPercent, formatSize } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { mayRetry } from "./may.ts";

type Shown = Pick<
  Video,
  "status" | "progress" | "uploaded" | "queuePosition" | "playable" | "error" | "origin" | "import"
>;

/** While its source is fetched: how much of it has come. */
export const importStatus = ({ import: fetched }: Pick<Video, "import">): StatusWords => {
  const { received = 0, size } = fetched ?? {};
  if (!size) return { tone: "signal", left: t("importing"), right: formatSize(received), figures: true };
  const fraction = Math.min(received / size, 0.999);
  return { tone: "signal", left: t("importingAt", formatPercent(fraction)), fraction };
};

/** While somebody else sends it by an upload link. */
export const linkStatus = ({ uploaded }: Pick<Video, "uploaded">): StatusWords => ({
  tone: "signal",
  left: t("uploadingAt", formatPercent(Math.min(uploaded, 0.999))),
  fraction: uploaded,
});

export function videoStatus(video: Shown): StatusWords {
  switch (video.status) {
    case "pending_upload":
      if (video.origin === "import")
        return { ...importStatus(video), ...(video.playable && { right: t("watchNow"), icon: "play" }) };
      if (video.origin === "link")
        return { ...linkStatus(video), ...(video.playable && { right: t("watchNow"), icon: "play" }) };
      return video.playable
        ? {
            tone: "signal",
            left: t("unfinishedAt", formatPercent(video.uploaded)),
            right: t("watchNow"),
            icon: "play",
            fraction: video.uploaded,
          }
        : { tone: "plain", left: t("unfinished"), right: t("chooseFile"), icon: "plus" };
    case "queued":
      return video.queuePosition === null
        ? { tone: "plain", left: t("queued") }
        : {
            tone: "plain",
            left: t("queued"),
            right: t("inLine", formatOrdinal(video.queuePosition)),
            figures: true,
          };
    case "processing":
      return {
        tone: "signal",
        left: t("encodingAt", formatPercent(Math.min(video.progress, 0.999))),
        fraction: video.progress,
        ...(video.playable ? { right: t("watchNow"), icon: "play" as const } : {}),
      };
    case "completed":
      return { tone: "signal", left: t("ready"), right: t("watch"), icon: "play" };
    case "failed":
      return mayRetry(video)
        ? { tone: "fail", left: t("failed"), right: common("retry"), icon: "retry" }
        : { tone: "fail", left: t("failed"), right: t("uploadAnother"), icon: "plus" };
  }
}

/** The URL of a video's page. */
export const videoHref = (video: { id: string }) => `/videos/${encodeURIComponent(video.id)}`;

/** Router state for a video's page: somebody pressed "Watch". */
export const PLAY = { play: true } as const;
