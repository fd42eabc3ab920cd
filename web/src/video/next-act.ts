/**
 * What the status bar of one's own video does when pressed: control its upload, choose its file again, or
 * retry.
 */
import type { Video } from "@storagex/contract/videos/video";
import { createAct } from "../api/act.ts";
import { putVideo } from "../api/cache.ts";
import { retryVideo } from "../api/calls/videos.ts";
import { uploadAction } from "../upload/actions.ts";
import { chooseFileFor, chooseFiles } from "../upload/choose/choose-files.ts";
import { uploadOf } from "../upload/store.ts";
import { mayRetry } from "./may.ts";

/** `upload` is this tab's, or undefined; `press` is undefined where there is nothing to do. */
export function createNextAct(video: () => Video) {
  const retry = createAct(async () => putVideo(await retryVideo(video().id)));
  const upload = () => (video().status === "pending_upload" ? uploadOf(video().id) : undefined);
  const press = () => {
    const running = upload();
    if (running) return uploadAction(running);
    // An import comes by itself, and what somebody else uploads from elsewhere.
    if (video().status === "pending_upload")
      return video().origin === "upload" ? () => chooseFileFor(video()) : undefined;
    if (video().status !== "failed") return undefined;
    return mayRetry(video()) ? retry.run : chooseFiles;
  };
  return { upload, press, busy: retry.busy, failure: retry.failure };
}
