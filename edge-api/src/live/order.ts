/** Keeps a video's events in order for dashboards: concurrently read snapshots may arrive out of order. */
import type { LiveEvent } from "@storagex/contract/events";

type Seen = { seq: number; progress: number; isProcessing: boolean };

/** Videos remembered; the one that changed longest ago is dropped first. */
const MAX_VIDEOS = 500;

export class Order {
  readonly #seen = new Map<string, Seen>();

  /** The event to send: with progress raised to the last value sent, or null for an outdated snapshot. */
  admit(event: LiveEvent): LiveEvent | null {
    const { id } = event.data;
    const last = this.#seen.get(id);
    this.#seen.delete(id);
    if (event.event === "video.deleted") return event;
    const { seq, status, progress } = event.data;
    if (last && seq < last.seq) {
      this.#seen.set(id, last);
      return null;
    }
    const isProcessing = status === "processing";
    // A retry begins as `queued`, so the progress of a new run starts from zero.
    const raised = isProcessing && last?.isProcessing ? Math.max(progress, last.progress) : progress;
    this.#seen.set(id, { seq, progress: raised, isProcessing });
    if (this.#seen.size > MAX_VIDEOS) this.#forgetOldest();
    return { event: event.event, data: { ...event.data, progress: raised } };
  }

  #forgetOldest(): void {
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}
