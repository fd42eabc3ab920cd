/** The status bar of an upload as it is now. */
import { waiting } from "../../api/network.ts";
import type { StatusWords } from "../../ui/StatusBar.tsx";
import { placeInLine, type Upload } from "../store.ts";
import { uploadStatus } from "./upload-status.ts";

/** `watches`: a press plays what is encoded already. */
export const statusOfUpload = (upload: Upload, watches = false): StatusWords =>
  uploadStatus(upload, { place: placeInLine(upload), isAway: waiting() > 0, watches });
