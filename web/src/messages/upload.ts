/** Words of uploads: the tray, its questions, why files are refused. */
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");

const english = {
  title: "Uploads",
  uploads: (many: number) => count(many, { one: "upload", other: "uploads" }),
  uploaded: (many: number) => `${many} uploaded`,
  refusedMany: (many: number) => `${many} stopped`,
  show: "Show",
  hide: "Hide",
  notify: "Notify me when ready",
  clearList: "Clear list",
  sentOf: (sent: string, size: string) => `${sent} of ${size}`,
  letGo: "Let go.",
  closeMessage: "Close this message",
  removeOf: (title: string) => `Remove ${title} from this list`,

  /** What became of a finished upload. */
  done: {
    pending_upload: "Uploaded",
    queued: "Uploaded · waiting to be encoded",
    processing: "Uploaded · encoding",
    completed: "Ready · Watch",
    failed: "Failed · see why",
  },
  readyToWatch: "Ready to watch",
  encodingFailed: "Encoding failed",
  uploadRefused: "Upload stopped: this file cannot be read as a video",

  storageAway: "Storage does not answer.",
  serverAway: "The server cannot answer now.",
  noConnection: "No connection.",
  goesOn: " Uploads continue by themselves afterwards.",
  tryingAgain: " Trying again…",
  tryNow: "Try now",

  cancelUpload: "Cancel the upload",
  cancelUploadOf: (name: string) => `Cancel the upload of ${name}`,

  folder: (name: string) => `${name} is a folder. Open it and drop the videos that are in it.`,
  empty: (name: string) => `${name} is empty.`,
  tooLarge: (name: string, size: string, limit: string) =>
    `${name} is too large (${size}). The limit is ${limit}.`,
  notVideo: (name: string) => `${name} is not a video. Choose an MP4, MOV, MKV, WebM, TS or AVI file.`,
  alreadyUploading: (name: string) => `${name} is already being uploaded.`,
};

export type UploadWords = typeof english;
export const t = wordsOf("upload", english);
