/** All uploads of this tab as one store, for library, tray and queue. */
import type { Video } from "@storagex/contract/videos/video";
import { createStore, produce } from "solid-js/store";
import type { Speed } from "./send/speed.ts";

/** `missing`: it waited in line when the page was closed, and its file must be chosen again. */
export type UploadState = "waiting" | "sending" | "paused" | "finishing" | "failed" | "missing";
export type Upload = {
  id: string;
  name: string;
  size: number;
  /** Set once there is a ticket. */
  videoId: string | null;
  state: UploadState;
  /** Bytes. */
  sent: number;
  bytesPerSecond: number | null;
  /** Why it failed, as a sentence. */
  reason: string | null;
  /** It failed because its file cannot be read any more. */
  isFileLost: boolean;
};

/** A file to send, and where the browser gives one, the handle that finds it again after a reload. */
export type ChosenFile = { file: File; handle?: FileSystemFileHandle | undefined };

/** What an upload needs and no page shows. `resume` goes on with what the engine already has. */
export type Transfer = ChosenFile & {
  key: string | undefined;
  speed: Speed;
  resume?: (() => void) | undefined;
};

const [uploads, setUploads] = createStore<Upload[]>([]);

export { uploads };

export const transfers = new Map<string, Transfer>();

export const uploadById = (id: string): Upload | undefined => uploads.find((upload) => upload.id === id);

export const uploadOf = (videoId: string): Upload | undefined =>
  uploads.find((upload) => upload.videoId === videoId);

export const byKey = (key: string): Upload | undefined =>
  uploads.find((upload) => transfers.get(upload.id)?.key === key);

/** Whether leaving the page now would interrupt an upload. */
export const isSending = (): boolean =>
  uploads.some(({ state }) => state === "waiting" || state === "sending" || state === "finishing");

/** The place in line of an upload that waits, from 1; 0 for every other. */
export const placeInLine = (upload: Upload): number =>
  uploads.filter(({ state }) => state === "waiting").findIndex(({ id }) => id === upload.id) + 1;

export function add(upload: Pick<Upload, "id" | "name" | "size"> & Partial<Upload>): void {
  setUploads(uploads.length, {
    videoId: null,
    state: "waiting",
    sent: 0,
    bytesPerSecond: null,
    reason: null,
    isFileLost: false,
    ...upload,
  });
}

export function change(id: string, fields: Partial<Upload>): void {
  setUploads((upload) => upload.id === id, fields);
}

export function forget(id: string | undefined): void {
  if (id === undefined) return;
  transfers.delete(id);
  setUploads(
    produce((all) => {
      const at = all.findIndex((upload) => upload.id === id);
      if (at >= 0) all.splice(at, 1);
    }),
  );
}

/** Of these open tickets, those that no upload of this tab uses: what others send is not ours to go on with. */
export const unused = (tickets: readonly Video[]): Video[] =>
  tickets.filter(({ id, origin }) => origin === "upload" && !uploadOf(id));
