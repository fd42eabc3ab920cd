/** Which webhook events a change of a video stands for: told from the video before and after it. */
import type { Schemas, WebhookEvent } from "@storagex/client";

type Listed = Schemas["Video"];
type Type = WebhookEvent["type"];

/**
 * The types of the events between `before` and `after`, in their order. `before` is undefined for a video that was
 * not there when the listening began. Two changes that were told as one give the events of both.
 */
export function eventsBetween(before: Listed | undefined, after: Listed): Type[] {
  const wasUploading = before === undefined || before.status === "pending_upload";
  const isUploaded = after.status !== "pending_upload" && after.uploaded === 1;
  const isNow = (status: Listed["status"]) => after.status === status && before?.status !== status;
  const happened: [Type, boolean][] = [
    ["video.created", before === undefined],
    ["video.updated", before !== undefined && after.revision > before.revision],
    ["video.uploaded", wasUploading && isUploaded],
    ["video.playable", after.playable && !before?.playable],
    ["video.completed", isNow("completed")],
    ["video.failed", isNow("failed")],
  ];
  return happened.flatMap(([type, has]) => (has ? [type] : []));
}
