/** Words of the questions about uploads. */
import type { JSX } from "solid-js";
import { wordsOf } from "./words.ts";

const english = {
  cancelUpload: "Cancel the upload",
  questions: {
    "other-file": "Another file",
    again: "Uploaded before",
    cancel: "Cancel this upload?",
    "sign-out": "Sign out while uploading?",
  },
  url: "URL of the video",
  urlHelp: "Of the file itself, not of a page that shows it. The server fetches it: you can close this page.",
  enterUrl: "Enter a URL.",
  notUrl: "This is not a URL. It begins with https://.",
  import: "Import",
  importing: "Starting",
  isNot: (file: JSX.Element, size: string, expected: JSX.Element, expectedSize: string): JSX.Element => [
    file,
    ` (${size}) is not `,
    expected,
    ` (${expectedSize}), or it has changed since. Upload it as a new video?`,
  ],
  chooseAnother: "Choose another file",
  uploadAsNew: "Upload as a new video",
  inLibrary: "Already in your library:",
  doNotUpload: "Do not upload",
  uploadAgain: "Upload again",
  cancelWarning: (sent: string, size: string) => `${sent} of ${size} has been uploaded and will be deleted.`,
  keepUploading: "Keep uploading",
  signOutWarning:
    "Your uploads stop. What has been sent is kept for 24 hours: sign in again and choose the same files to continue.",
  staySignedIn: "Stay signed in",
  signOut: "Sign out",
  unreadable: "The file has changed or moved since you chose it. Choose it again.",
  storageRefused: "Storage refused the data. Try again; what has arrived is not sent twice.",
};

export type QuestionWords = typeof english;
export const t = wordsOf("questions", english);
