/** The status bar of an upload as it is now. */
import { waiting } from "../api/network.ts";
import type { StatusWords } from "../ui/StatusBar.tsx";
import { placeInLine, type Upload } from "./store.ts";
import { uploadStatus } from "./words.ts";

export const statusOfUpload = (upload: Upload): StatusWords =>
  uploadStatus(upload, { place: placeInLine(upload), isAway: waiting() > 0 });
