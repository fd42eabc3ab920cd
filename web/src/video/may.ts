/** What may be done with a video, by its status. Pure. */
import type { Video } from "@storagex/contract/videos/video";

/** Whether another try can end otherwise: not where the file itself is the reason (contract/src/media/failure.ts). */
export const retryHelps = (code: string): boolean =>
  !code.startsWith("source.") || code === "source.unreadable";

/**
 * Whether it may be encoded again: not where that cannot help, or the file was refused during its upload. An import
 * is fetched again.
 */
export const mayRetry = ({
  status,
  uploaded,
  error,
  origin,
}: Pick<Video, "status" | "uploaded" | "error" | "origin">): boolean =>
  status === "failed" && (uploaded === 1 || origin === "import") && retryHelps(error?.code ?? "");

/** Whether the original is stored as a whole. */
export const hasOriginal = ({ status, uploaded }: Pick<Video, "status" | "uploaded">): boolean =>
  status !== "pending_upload" && uploaded === 1;

/** There is, or will be, something to show: a link may be sent before the video is ready. */
export const isShareable = ({ status }: Pick<Video, "status">): boolean =>
  status !== "failed" && status !== "pending_upload";
