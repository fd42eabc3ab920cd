/** What pressing an upload's status bar or its cross does. */
import { findMissing } from "./choose/choose-files.ts";
import { ask } from "./questions.ts";
import type { Upload } from "./store.ts";
import { cancelTicket, cancelUpload, pauseUpload, resumeUpload } from "./uploads.ts";

export function uploadAction(upload: Upload): (() => void) | undefined {
  if (upload.state === "sending") return () => pauseUpload(upload.id);
  if (upload.state === "missing" || upload.isFileLost) return () => void findMissing(upload);
  if (upload.state === "paused" || upload.state === "failed") return () => resumeUpload(upload.id);
  return undefined;
}

/** Asks first where bytes would be lost. */
export function askToCancel(upload: Upload): void {
  const cancel = () => cancelUpload(upload.id);
  if (upload.sent === 0) cancel();
  else ask({ kind: "cancel", name: upload.name, stored: upload.sent, size: upload.size, cancel });
}

/** The same for an unfinished upload that this tab does not send; `stored` bytes of it are there. */
export function askToCancelTicket(video: { id: string; title: string; size: number }, stored: number): void {
  const cancel = () => void cancelTicket(video.id);
  ask({ kind: "cancel", name: video.title, stored, size: video.size, cancel });
}
