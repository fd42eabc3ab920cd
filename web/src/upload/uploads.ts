/** What a person does with uploads: add files, pause, resume, cancel. */
import { reasonOf } from "../api/api-error.ts";
import { dropVideo } from "../api/cache.ts";
import { abortUpload } from "../api/calls/unfinished-uploads.ts";
import { throughOutages } from "../api/network.ts";
import { me } from "../api/session.ts";
import { t } from "../messages/upload.ts";
import { refusal } from "./choose/accept.ts";
import { isStill, ownerNow } from "./owner.ts";
import { loadedEngine, startNext } from "./queue.ts";
import { forgetFile, sameFile } from "./resume/known-files.ts";
import { openTickets } from "./resume/open-tickets.ts";
import { forgetEntry, newEntryId, rememberEntry } from "./resume/remembered.ts";
import { Speed } from "./send/speed.ts";
import {
  add,
  type ChosenFile,
  change,
  forget,
  transfers,
  type Upload,
  type UploadState,
  uploadById,
  uploads,
} from "./store.ts";

/**
 * Takes the files of `owner`; returns a sentence for each that is refused. An unfinished upload of the same file is
 * resumed, a failed one goes on with the file as it is found now. Never throws.
 */
export async function addFiles(files: readonly ChosenFile[], owner = ownerNow()): Promise<string[]> {
  const limit = me()?.maxUploadBytes;
  const refused = files.flatMap(({ file }) => refusal(file, limit) ?? []);
  const taken = files.filter(({ file }) => !refusal(file, limit));
  if (taken.length === 0) return refused;
  const open = await openTickets().catch(reasonOf);
  if (!isStill(owner)) return [];
  if (typeof open === "string") return [...refused, open];
  for (const chosen of taken) {
    const twin = uploads.find((upload) => isSameUpload(upload, chosen.file));
    if (twin && !NEEDS_FILE.has(twin.state)) {
      refused.push(t("alreadyUploading", chosen.file.name));
      continue;
    }
    const at = open.findIndex((video) => sameFile(video, chosen.file));
    const [resumed] = at >= 0 ? open.splice(at, 1) : [];
    if (twin) provideFile(twin.id, chosen);
    else enqueue(chosen, resumed?.id ?? null);
  }
  await startNext();
  return refused;
}

/** States in which the file may be given once more. */
const NEEDS_FILE: ReadonlySet<UploadState> = new Set(["missing", "failed"]);

/** Whether it is the file of that upload: by its time, too, where this page has had it. */
export function isSameUpload(upload: Upload, file: File): boolean {
  const known = transfers.get(upload.id)?.file;
  return (
    upload.name === file.name &&
    upload.size === file.size &&
    (known === undefined || known.lastModified === file.lastModified)
  );
}

/** Adds a file at the end of the line; `videoId` is the ticket that it goes on with. */
export function enqueue(chosen: ChosenFile, videoId: string | null, id = newEntryId()): void {
  const { name, size } = chosen.file;
  transfers.set(id, { ...chosen, key: undefined, speed: new Speed() });
  add({ id, name, size, videoId });
  rememberEntry(id, chosen, videoId);
}

/** Gives an upload its file again: after a reload, or where the file could not be read any more. */
export function provideFile(id: string, chosen: ChosenFile): void {
  const upload = uploadById(id);
  if (!upload) return;
  const key = transfers.get(id)?.key;
  if (key) loadedEngine()?.remove(key);
  transfers.set(id, { ...chosen, key: undefined, speed: new Speed() });
  change(id, { state: "waiting", reason: null, isFileLost: false });
  rememberEntry(id, chosen, upload.videoId);
  void startNext();
}

export function pauseUpload(id: string): void {
  const transfer = transfers.get(id);
  if (transfer?.key) loadedEngine()?.pause(transfer.key);
  transfer?.speed.reset();
  change(id, { state: "paused", bytesPerSecond: null });
  void startNext();
}

/** Resumes after a pause or a failure, when it is its turn. */
export function resumeUpload(id: string): void {
  const upload = uploadById(id);
  const transfer = transfers.get(id);
  if (!upload || !transfer) return;
  const { key } = transfer;
  const { videoId } = upload;
  transfer.speed.reset();
  if (key && upload.state === "failed") transfer.resume = () => loadedEngine()?.retry(key, videoId);
  else if (key) transfer.resume = () => loadedEngine()?.resume(key);
  change(id, { state: "waiting", reason: null, isFileLost: false });
  void startNext();
}

/** Cancels the upload and its ticket: parts and entry are deleted. */
export function cancelUpload(id: string): void {
  const videoId = uploadById(id)?.videoId;
  stop(id);
  forgetEntry(id);
  void startNext();
  if (videoId) void cancelTicket(videoId);
}

/** Ends an upload that this tab does not send. Until the server is reached, the ticket stays. */
export async function cancelTicket(videoId: string): Promise<void> {
  await throughOutages(() => abortUpload(videoId)).catch(() => undefined);
  forgetFile(videoId);
  dropVideo(videoId);
}

/** Another account is signed in: everything here stops; tickets stay and can be resumed. */
export function stopAll(): void {
  for (const { id } of [...uploads]) stop(id);
}

function stop(id: string): void {
  const key = transfers.get(id)?.key;
  forget(id);
  if (key) loadedEngine()?.remove(key);
}
