/** What became of this tab's finished uploads, until it is put away: encoding, ready or failed. */
import type { Video } from "@storagex/contract/videos/video";
import { createStore } from "solid-js/store";
import { ApiError } from "../../api/api-error.ts";
import { onVideoChange, onVideoDrop } from "../../api/cache.ts";
import { getVideo } from "../../api/calls/videos.ts";
import { t } from "../../messages/upload.ts";
import { notify } from "./notify.ts";

export type Done = Pick<Video, "id" | "title" | "status" | "playable">;
/** `isRefused`: it was no video, and its upload was stopped. */
type Entry = Done & { isRefused: boolean };

const [done, setDone] = createStore<Entry[]>([]);

export { done };

const pageOf = (id: string) => `/videos/${encodeURIComponent(id)}`;

const isOpen = ({ status }: Done) => status === "queued" || status === "processing";

/** Ids of those that are not ready yet. */
export const openIds = (): string[] => done.filter(isOpen).map(({ id }) => id);

/** How those are now. One that cannot be read keeps none of the others waiting; one that is deleted is put away. */
export async function readOpen(): Promise<Done[]> {
  const ids = openIds();
  const read = await Promise.allSettled(ids.map((id) => getVideo(id)));
  read.forEach((each, at) => {
    const id = ids[at];
    if (id !== undefined && each.status === "rejected" && isGone(each.reason)) dropDone(id);
  });
  return read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

const isGone = (error: unknown) => error instanceof ApiError && error.code === "video.not_found";

/** The upload has ended, by being complete or by being refused: from now on its video is told of. */
export function noteUploaded({ id, title, status, playable }: Done): void {
  const isRefused = status === "failed";
  setDone((all) => [...all.filter((each) => each.id !== id), { id, title, status, playable, isRefused }]);
  if (isRefused) notify(t("uploadRefused"), title, pageOf(id));
}

/** A newer state of some video, by the stream or by asking. */
export function noteVideo({ id, title, status, playable }: Done): void {
  const before = done.find((each) => each.id === id);
  if (!before) return;
  // Read first: it is an entry of the store, which the next line changes.
  const wasOpen = isOpen(before);
  setDone((each) => each.id === id, { title, status, playable });
  if (wasOpen && status === "completed") notify(t("readyToWatch"), title, pageOf(id));
  if (wasOpen && status === "failed") notify(t("encodingFailed"), title, pageOf(id));
}

export const clearDone = (): void => setDone([]);
export const dropDone = (id: string): void => setDone((all) => all.filter((each) => each.id !== id));

onVideoChange(noteVideo);
onVideoDrop(dropDone);
