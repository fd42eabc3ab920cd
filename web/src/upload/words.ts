/** The text of an upload's status bar. Pure. */
import { formatLeft, formatPercent, formatRate, formatSize } from "../ui/format.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import type { Upload } from "./uploads.ts";

/** Pressing the status bar pauses, resumes or retries. */
export function uploadStatus(upload: Upload): StatusWords {
  const fraction = upload.size > 0 ? upload.sent / upload.size : 0;
  switch (upload.state) {
    case "waiting":
      return { tone: "plain", left: "Waiting" };
    case "sending":
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
