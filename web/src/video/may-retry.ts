/** Whether encoding a failed video again can end otherwise. Pure. */
import { MEDIA_FAILURES } from "@storagex/contract/media/failure";
import type { Video } from "@storagex/contract/video";

const FINAL: ReadonlySet<string> = new Set(
  Object.entries(MEDIA_FAILURES).flatMap(([code, { retryable }]) => (retryable ? [] : [code])),
);

/** False where the file itself is the reason: then only another file helps. */
export const mayRetry = ({ status, error }: Pick<Video, "status" | "error">): boolean =>
  status === "failed" && !(error && FINAL.has(error.code));
