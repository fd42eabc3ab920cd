/** Lets a person choose files, and keeps the reasons for those that were refused. */
import type { Video } from "@storagex/contract/videos/video";
import { createSignal } from "solid-js";
import { listVideos } from "../../api/calls/videos.ts";
import { t } from "../../messages/upload.ts";
import { openFileDialog } from "../../ui/file-dialog.ts";
import { isStill, ownerNow } from "../owner.ts";
import { ask } from "../questions.ts";
import { sameFile } from "../resume/known-files.ts";
import { readAgain } from "../resume/recover.ts";
import type { ChosenFile, Upload } from "../store.ts";
import { addFiles, isSameUpload, provideFile } from "../uploads.ts";
import { ACCEPT } from "./accept.ts";

const [refusals, setRefusals] = createSignal<readonly string[]>([]);

export { refusals };

export const clearRefusals = () => setRefusals([]);

/** Above this many files nobody is asked about each: a folder is dropped again on purpose. */
const MAX_COMPARED = 20;

/**
 * Takes files from a drop or a file dialog; asks before a file of the library is uploaded again. `folders` are names of
 * those that were dropped beside them, and are refused.
 */
export async function takeFiles(
  files: readonly ChosenFile[],
  folders: readonly string[] = [],
): Promise<void> {
  const owner = ownerNow();
  const known = files.length > MAX_COMPARED ? [] : await Promise.all(files.map(uploadedBefore));
  if (!isStill(owner)) return;
  const again = files.filter((_, at) => known[at]);
  const fresh = files.filter((_, at) => !known[at]);
  if (again.length > 0) ask({ kind: "again", files: again });
  await uploadFiles(fresh, owner);
  if (folders.length > 0 && isStill(owner))
    setRefusals([...folders.map((name) => t("folder", name)), ...refusals()]);
}

/** Uploads the files without another question, and says which were refused. */
export async function uploadFiles(files: readonly ChosenFile[], owner = ownerNow()): Promise<void> {
  setRefusals(files.length > 0 ? await addFiles(files, owner) : []);
}

async function uploadedBefore({ file }: ChosenFile): Promise<boolean> {
  const page = await listVideos({ q: file.name.slice(0, 200) }, null).catch(() => undefined);
  return page?.items.some((video) => video.status !== "pending_upload" && sameFile(video, file)) ?? false;
}

/** Opens the system's file dialog for any number of new files. */
export function chooseFiles(): void {
  openFileDialog(ACCEPT, (files) => void takeFiles(files.map((file) => ({ file }))), true);
}

/** Opens the dialog for the one file that an unfinished upload began with; another one is said to be so. */
export function chooseFileFor(video: Pick<Video, "id" | "filename" | "size">): void {
  openFileDialog(ACCEPT, ([file]) => {
    if (!file) return;
    if (sameFile(video, file)) void takeFiles([{ file }]);
    else
      ask({
        kind: "other-file",
        name: video.filename,
        size: video.size,
        file,
        again: () => chooseFileFor(video),
      });
  });
}

/**
 * The same for a file that waited in line when the page was closed, or that could not be read any more; where its
 * handle is kept, no dialog.
 */
export async function findMissing(upload: Upload): Promise<void> {
  if (await readAgain(upload.id)) return;
  openFileDialog(ACCEPT, ([file]) => {
    if (!file) return;
    const { name, size } = upload;
    if (isSameUpload(upload, file)) provideFile(upload.id, { file });
    else ask({ kind: "other-file", name, size, file, again: () => void findMissing(upload) });
  });
}
