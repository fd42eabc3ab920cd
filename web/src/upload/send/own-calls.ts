/** The calls by which a signed-in person's files are sent. Loaded with the first upload. */
import type { Video } from "@storagex/contract/videos/video";
import { completeUpload, findParts, getPartUrls } from "../../api/calls/tickets.ts";
import { abortUpload, getStoredParts } from "../../api/calls/unfinished-uploads.ts";
import { getVideo } from "../../api/calls/videos.ts";
import type { UploadCalls } from "./engine.ts";
import { ticketFor } from "./ticket-for.ts";

export const ownCalls: UploadCalls<Video> = {
  ticket: ticketFor,
  partUrls: getPartUrls,
  findParts,
  stored: getStoredParts,
  complete: completeUpload,
  abort: abortUpload,
  video: getVideo,
};
