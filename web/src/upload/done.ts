/** What became of this tab's finished uploads, until it is put away: encoding, ready or failed. */
import type { Video } from "@storagex/contract/video";
import { createStore } from "solid-js/store";
import { onVideoChange } from "../api/cache.ts";
import { notify } from "./notify.ts";

export type Done = Pick<Video, "id" | "title" | "status" | "playable">;

const [done, setDone] = createStore<Done[]>([]);

export { done };

const isOpen = ({ status }: Done) => status === "queued" || status === "processing";

/** Ids of those that are not ready yet. */
export const openIds = (): string[] => done.filter(isOpen).map(({ id }) => id);

/** The upload is complete: from now on its video is told of. */
export function noteUploaded({ id, title, status, playable }: Video): void {
  setDone((all) => [...all.filter((each) => each.id !== id), { id, title, status, playable }]);
}

/** A newer state of some video, by the stream or by asking. */
export function noteVideo({ id, title, status, playable }: Done): void {
  const before = done.find((each) => each.id === id);
  if (!before) return;
  setDone((each) => each.id === id, { title, status, playable });
  if (isOpen(before) && status === "completed")
    notify("Ready to watch", title, `/videos/${encodeURIComponent(id)}`);
  if (isOpen(before) && status === "failed")
    notify("Encoding failed", title, `/videos/${encodeURIComponent(id)}`);
}

export const clearDone = (): void => setDone([]);
export const dropDone = (id: string): void => setDone((all) => all.filter((each) => each.id !== id));

onVideoChange(noteVideo);
