/** Which uploads send at once. Pure. */
import { partSizeFor } from "@storagex/contract/uploads/upload-parts";
import type { Upload } from "../store.ts";

/** Max parts in flight over all uploads. */
export const CONNECTIONS = 5;

const partsLeft = ({ size, sent }: Upload) => Math.max(1, Math.ceil((size - sent) / partSizeFor(size)));

/**
 * Those that start now: another file only while the parts left of those before leave connections free. One
 * large file takes them all, so that no other says "Uploading" and stands still.
 */
export function startingNow(uploads: readonly Upload[]): Upload[] {
  let busy = uploads
    .filter(({ state }) => state === "sending")
    .reduce((sum, upload) => sum + partsLeft(upload), 0);
  const starting: Upload[] = [];
  for (const upload of uploads.filter(({ state }) => state === "waiting")) {
    if (busy >= CONNECTIONS) break;
    starting.push(upload);
    busy += partsLeft(upload);
  }
  return starting;
}
