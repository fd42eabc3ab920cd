import { expect, test } from "vitest";
import { videoStatus } from "./status-bar.ts";

const said = {
  progress: 0,
  uploaded: 1,
  queuePosition: null,
  playable: false,
  error: null,
  origin: "upload" as const,
  import: null,
};

const comes = (received: number, size: number | null) => ({
  origin: "import" as const,
  import: { received, size },
});
const GONE = { code: "import.not_found", message: "There is no file at this address." };
const NO_VIDEO = { code: "source.not_video", message: "This is not a video file we can read." };

test.each([
  [{ ...said, status: "queued" as const, queuePosition: 3 }, "Queued", "3rd in line"],
  [{ ...said, status: "queued" as const }, "Queued", undefined],
  [{ ...said, status: "processing" as const, progress: 0.43 }, "Encoding 43%", undefined],
  [{ ...said, status: "processing" as const, progress: 0.43, playable: true }, "Encoding 43%", "Watch now"],
  [{ ...said, status: "processing" as const, progress: 1 }, "Encoding 99%", undefined],
  [{ ...said, status: "completed" as const, progress: 1, playable: true }, "Ready", "Watch"],
  [{ ...said, status: "failed" as const }, "Failed", "Retry"],
  [{ ...said, status: "failed" as const, error: NO_VIDEO }, "Failed", "Upload another"],
  [{ ...said, status: "pending_upload" as const }, "Unfinished", "Choose the file"],
  [
    { ...said, status: "pending_upload" as const, uploaded: 0.41, playable: true },
    "Unfinished 41%",
    "Watch now",
  ],
  [{ ...said, ...comes(0, null), status: "pending_upload" as const }, "Importing", "0 B"],
  [{ ...said, ...comes(2_500_000, null), status: "pending_upload" as const }, "Importing", "2.5 MB"],
  [{ ...said, ...comes(41, 100), status: "pending_upload" as const }, "Importing 41%", undefined],
  [
    { ...said, ...comes(41, 100), status: "pending_upload" as const, playable: true },
    "Importing 41%",
    "Watch now",
  ],
  [{ ...said, ...comes(0, 100), status: "failed" as const, uploaded: 0, error: GONE }, "Failed", "Retry"],
])("%o says %s, %s", (video, left, right) => {
  const words = videoStatus(video);
  expect([words.left, words.right]).toEqual([left, right]);
});
