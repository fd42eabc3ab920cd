/** The text of an upload's status bar. Pure. */

import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/status.ts";
import { t as uploads } from "../../messages/upload.ts";
import { formatLeft, formatOrdinal, formatPercent, formatRate, formatSize } from "../../ui/format.ts";
import type { StatusWords } from "../../ui/StatusBar.tsx";
import type { Upload } from "../store.ts";

/**
 * `place` in line, from 1; `isAway`: the server or the storage does not answer; `watches`: a press plays what is
 * encoded already.
 */
export type UploadContext = { place: number; isAway: boolean; watches?: boolean };

/** Pressing the status bar pauses, resumes, retries or plays. */
export function uploadStatus(upload: Upload, context: UploadContext): StatusWords {
  const words = wordsFor(upload, context);
  const { right: _right, figures: _figures, verb: _verb, ...state } = words;
  return context.watches ? { ...state, right: t("watchNow"), icon: "play" } : words;
}

function wordsFor(upload: Upload, { place, isAway }: UploadContext): StatusWords {
  const fraction = upload.size > 0 ? upload.sent / upload.size : 0;
  switch (upload.state) {
    case "waiting":
      return {
        tone: "plain",
        left: t("waiting"),
        right: place <= 1 ? t("next") : t("inLine", formatOrdinal(place)),
      };
    case "sending":
      if (isAway)
        return {
          tone: "signal",
          left: t("offlineAt", formatPercent(fraction)),
          right: t("resumesByItself"),
          fraction,
        };
      return {
        tone: "signal",
        left: t("uploadingAt", formatPercent(Math.min(fraction, 0.999))),
        right: upload.bytesPerSecond === null ? t("pause") : formatRate(upload.bytesPerSecond),
        figures: upload.bytesPerSecond !== null,
        icon: "pause",
        verb: t("pauseOf"),
        fraction,
      };
    case "paused":
      return {
        tone: "signal",
        left: t("pausedAt", formatPercent(fraction)),
        right: t("resume"),
        icon: "play",
        fraction,
      };
    case "finishing":
      return { tone: "signal", left: t("finishing"), fraction: 1 };
    case "missing":
      return { tone: "plain", left: t("waiting"), right: t("chooseFile"), icon: "plus" };
    case "failed":
      return upload.isFileLost
        ? { tone: "fail", left: t("uploadStopped"), right: t("chooseFile"), icon: "plus" }
        : { tone: "fail", left: t("uploadStopped"), right: common("retry"), icon: "retry" };
  }
}

/** The line under the title: `1.5 GB of 2.1 GB · 16 s left`. */
export function uploadFacts(upload: Upload): string {
  const facts = [uploads("sentOf", formatSize(upload.sent), formatSize(upload.size))];
  if (upload.state === "sending" && upload.bytesPerSecond)
    facts.push(formatLeft((upload.size - upload.sent) / upload.bytesPerSecond));
  return facts.join(" · ");
}
