/** The text of an upload's status bar. Pure. */
import { formatLeft, formatOrdinal, formatPercent, formatRate, formatSize } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import type { Upload } from "./store.ts";

/** `place` in line, from 1; `isAway`: the server or the storage does not answer. */
export type UploadContext = { place: number; isAway: boolean };

/** Pressing the status bar pauses, resumes or retries. */
export function uploadStatus(upload: Upload, { place, isAway }: UploadContext): StatusWords {
  const fraction = upload.size > 0 ? upload.sent / upload.size : 0;
  switch (upload.state) {
    case "waiting":
      return {
        tone: "plain",
        left: "Waiting",
        right: place <= 1 ? "Next" : `${formatOrdinal(place)} in line`,
      };
    case "sending":
      if (isAway)
        return {
          tone: "signal",
          left: `Offline ${formatPercent(fraction)}`,
          right: "Resumes by itself",
          fraction,
        };
      return {
        tone: "signal",
        left: `Uploading ${formatPercent(Math.min(fraction, 0.999))}`,
        right: upload.bytesPerSecond === null ? "Pause" : formatRate(upload.bytesPerSecond),
        figures: upload.bytesPerSecond !== null,
        icon: "pause",
        verb: "Pause the upload of",
        fraction,
      };
    case "paused":
      return {
        tone: "signal",
        left: `Paused ${formatPercent(fraction)}`,
        right: "Resume",
        icon: "play",
        fraction,
      };
    case "finishing":
      return { tone: "signal", left: "Finishing", fraction: 1 };
    case "missing":
      return { tone: "plain", left: "Waiting", right: "Choose the file", icon: "plus" };
    case "failed":
      return { tone: "fail", left: "Upload stopped", right: "Try again", icon: "retry" };
  }
}

/** The line under the title: `1.5 GB of 2.1 GB · 16 s left`. */
export function uploadFacts(upload: Upload): string {
  const facts = [`${formatSize(upload.sent)} of ${formatSize(upload.size)}`];
  if (upload.state === "sending" && upload.bytesPerSecond)
    facts.push(formatLeft((upload.size - upload.sent) / upload.bytesPerSecond));
  return facts.join(" · ");
}
