/** What can be done with videos of the library: one from its menu, many by the selection. */

import type { Video } from "@storagex/contract/videos/video";
import type { BulkRequest } from "@storagex/contract/videos/video-bulk";
import { reasonOf } from "../../api/api-error.ts";
import { dropVideo, putVideo, rereadAll } from "../../api/cache.ts";
import {
  changeVideos,
  deleteVideo,
  getPlayback,
  getSource,
  restoreVideo,
  retryVideo,
} from "../../api/calls/videos.ts";
import { refreshMe } from "../../api/session.ts";
import { t } from "../../messages/library.ts";
import { toast } from "../../ui/toasts/toasts.ts";
import { videoHref } from "../../video/status-bar.ts";

/** As long as the notice with "Undo" is shown. */
export const UNDO_SECONDS = 10;
/** Ids in one call. */
const MAX_IDS = 100;

/** Runs an act of a menu, whose failure no form shows. */
export function perform(act: () => Promise<unknown>): void {
  void act().catch((error: unknown) => toast(reasonOf(error)));
}

/** Deletes at once, and offers to undo it for ten seconds. */
export async function remove(videos: readonly Video[]): Promise<void> {
  const [first] = videos;
  if (!first) return;
  let gone: string[];
  if (videos.length === 1) {
    await deleteVideo(first.id, UNDO_SECONDS);
    gone = [first.id];
  } else {
    gone = await changeMany(videos, { action: "delete", undo: UNDO_SECONDS });
  }
  for (const id of gone) dropVideo(id);
  const text = videos.length === 1 ? t("deleted", first.title) : t("deletedMany", gone.length);
  offerUndo(text, gone);
  await refreshMe();
}

/** A notice with the button that brings the deleted videos back. */
export const offerUndo = (text: string, ids: readonly string[]): void =>
  toast(text, { label: t("undo"), run: () => perform(() => restore(ids)) });

async function restore(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => restoreVideo(id)));
  await rereadAll();
  await refreshMe();
}

type Change = BulkRequest extends infer R ? (R extends { ids: unknown } ? Omit<R, "ids"> : never) : never;

/** One act on many videos; says how many it did not work for. Returns the ids of the others. */
export async function changeMany(videos: readonly Video[], change: Change): Promise<string[]> {
  const done: string[] = [];
  for (let from = 0; from < videos.length; from += MAX_IDS) {
    const ids = videos.slice(from, from + MAX_IDS).map(({ id }) => id);
    const { results } = await changeVideos({ ...change, ids });
    done.push(...results.filter(({ ok }) => ok).map(({ id }) => id));
  }
  const left = videos.length - done.length;
  if (left > 0) toast(t("notPossible", left));
  if (change.action !== "delete") await rereadAll();
  return done;
}

/** Makes them public or private, and offers to undo it for those that changed. */
export async function showMany(videos: readonly Video[], visibility: Video["visibility"]): Promise<void> {
  const changing = videos.filter((video) => video.visibility !== visibility);
  const done = new Set(await changeMany(changing, { action: "visibility", visibility }));
  const changed = changing.filter(({ id }) => done.has(id));
  if (changed.length === 0) return;
  const before = visibility === "public" ? "private" : "public";
  toast(t(visibility === "public" ? "nowPublic" : "nowPrivate", changed.length), {
    label: t("undo"),
    run: () => perform(() => changeMany(changed, { action: "visibility", visibility: before })),
  });
}

export async function retry(video: Video): Promise<void> {
  putVideo(await retryVideo(video.id));
}

export async function copyLink(video: Video): Promise<void> {
  const isPublic = video.visibility === "public";
  const path = isPublic ? `/watch/${video.id}` : videoHref(video);
  const url = new URL(path, location.href).href;
  const { copyText } = await import("../../ui/copy-text.ts");
  // Where the browser refuses, the person copies it.
  if (!(await copyText(url))) return toast(url);
  toast(t(isPublic ? "linkOfAnyone" : "linkOfOwner"));
}

/** Saves the MP4 without leaving the page. */
export async function download(video: Video): Promise<void> {
  const { download: url } = await getPlayback(video.id);
  if (!url) return toast(t("noMp4", video.title));
  save(url);
}

/** Saves the file as it was uploaded. */
export const downloadOriginal = async (video: Video): Promise<void> => save((await getSource(video.id)).url);

/** How long a frame waits for its file to begin; milliseconds. What has begun goes on without it. */
const DOWNLOAD_BEGINS_WITHIN = 120_000;

/** A frame of its own for each file: a second navigation of the page would end the first one's download. */
function save(url: string): void {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.sandbox.add("allow-downloads");
  frame.src = url;
  document.body.append(frame);
  setTimeout(() => frame.remove(), DOWNLOAD_BEGINS_WITHIN);
}

/** Saves the MP4s, asked for one after another. */
export async function downloadMany(videos: readonly Video[]): Promise<void> {
  for (const video of videos) await download(video);
}
