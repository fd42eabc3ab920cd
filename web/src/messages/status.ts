/** Words of the status bars: of videos everywhere, and of uploads. */
import { wordsOf } from "./words.ts";

const english = {
  unfinished: "Unfinished",
  unfinishedAt: (percent: string) => `Unfinished ${percent}`,
  chooseFile: "Choose the file",
  queued: "Queued",
  inLine: (ordinal: string) => `${ordinal} in line`,
  encodingAt: (percent: string) => `Encoding ${percent}`,
  watchNow: "Watch now",
  ready: "Ready",
  watch: "Watch",
  failed: "Failed",
  uploadAnother: "Upload another",

  waiting: "Waiting",
  next: "Next",
  offlineAt: (percent: string) => `Offline ${percent}`,
  resumesByItself: "Resumes by itself",
  uploadingAt: (percent: string) => `Uploading ${percent}`,
  pause: "Pause",
  /** Before the name of the file, for screen readers. */
  pauseOf: "Pause the upload of",
  pausedAt: (percent: string) => `Paused ${percent}`,
  resume: "Resume",
  finishing: "Finishing",
  importing: "Importing",
  importingAt: (percent: string) => `Importing ${percent}`,
  uploadStopped: "Upload stopped",
};

export type StatusWords = typeof english;
export const t = wordsOf("status", english);
