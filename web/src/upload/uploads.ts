/**
 * All uploads of this tab as one store for library, tray and button; at most three are sent at once, the
 * others wait.
 */
import type { Video } from "@storagex/contract/video";
import { createStore, produce } from "solid-js/store";
import { ApiError, reasonOf } from "../api/api-error.ts";
import { dropVideo, putVideo } from "../api/cache.ts";
import { me, refreshMe } from "../api/session.ts";
import { abortUpload, getStoredParts } from "../api/tickets.ts";
import { listAllVideos } from "../api/videos.ts";
import { refusal } from "./accept.ts";
import type { Engine } from "./engine.ts";
import { forgetFile, rememberFile, sameFile } from "./known-files.ts";
import { Speed } from "./speed.ts";

export type UploadState = "waiting" | "sending" | "paused" | "finishing" | "failed";
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
};

const AT_ONCE = 3;
const OVER: ReadonlySet<string> = new Set(["video.not_found", "video.wrong_status", "upload.expired"]);

const [uploads, setUploads] = createStore<Upload[]>([]);

export { uploads };

/** `goOn` resumes an upload that the engine already has. */
type Behind = { file: File; key: string | undefined; speed: Speed; goOn?: (() => void) | undefined };
const behind = new Map<string, Behind>();
let engine: Engine | undefined;
let nextId = 1;

export const uploadOf = (videoId: string): Upload | undefined =>
  uploads.find((upload) => upload.videoId === videoId);

/** Whether leaving the page now would interrupt an upload. */
export const isSending = (): boolean => uploads.some(({ state }) => state !== "failed" && state !== "paused");

/**
 * Takes files; returns a sentence for each that is refused. An unfinished upload of the same file is resumed.
 */
export async function addFiles(files: readonly File[]): Promise<string[]> {
  const limit = me()?.maxUploadBytes;
  const refused = files.flatMap((file) => refusal(file, limit) ?? []);
  const taken = files.filter((file) => !refusal(file, limit));
  if (taken.length === 0) return refused;
  const open = await unfinished();
  for (const file of taken) {
    const at = open.findIndex((video) => sameFile(video, file));
    const [resumed] = at >= 0 ? open.splice(at, 1) : [];
    const id = String(nextId++);
    behind.set(id, { file, key: undefined, speed: new Speed() });
    setUploads(uploads.length, {
      id,
      name: file.name,
      size: file.size,
      videoId: resumed?.id ?? null,
      state: "waiting",
      sent: 0,
      bytesPerSecond: null,
      reason: null,
    });
  }
  await startNext();
  return refused;
}

/** Earlier tickets that no upload of this tab uses. */
async function unfinished(): Promise<Video[]> {
  const videos = await listAllVideos({ status: "pending_upload" }).catch(() => []);
  return videos.filter((video) => !uploadOf(video.id));
}

async function startNext(): Promise<void> {
  if (import.meta.env.SSR) return;
  const { createEngine } = await import("./engine.ts");
  engine ??= createEngine(events);
  const active = uploads.filter(({ state }) => state === "sending" || state === "finishing").length;
  for (const upload of uploads
    .filter(({ state }) => state === "waiting")
    .slice(0, Math.max(0, AT_ONCE - active))) {
    const held = behind.get(upload.id);
    if (!held) continue;
    change(upload.id, { state: "sending" });
    void begin(upload, held, engine);
  }
}

async function begin({ id, videoId }: Upload, held: Behind, sender: Engine): Promise<void> {
  const { goOn } = held;
  held.goOn = undefined;
  try {
    if (goOn) return goOn();
    // An earlier ticket may have another part size than new ones.
    const ticket =
      videoId === null ? undefined : { videoId, partSize: (await getStoredParts(videoId)).partSize };
    // It may have been paused, cancelled, or paused and started again in the meantime.
    const isWanted = uploads.some((upload) => upload.id === id && upload.state === "sending");
    if (isWanted && held.key === undefined) held.key = sender.start(held.file, ticket);
  } catch (error) {
    if (error instanceof ApiError) fail(id, error);
    else change(id, { state: "failed", reason: "This file is being uploaded already." });
  }
}

const events = {
  ticket(key: string, video: Video) {
    const upload = byKey(key);
    if (!upload) return;
    change(upload.id, { videoId: video.id });
    const file = behind.get(upload.id)?.file;
    if (file) rememberFile(video.id, file.lastModified);
    putVideo(video);
  },
  progress(key: string, sent: number) {
    const upload = byKey(key);
    const bytesPerSecond = behind.get(upload?.id ?? "")?.speed.note(sent, Date.now()) ?? null;
    if (upload) change(upload.id, { sent: Math.min(sent, upload.size), bytesPerSecond });
  },
  sent(key: string) {
    const upload = byKey(key);
    if (upload) change(upload.id, { state: "finishing", sent: upload.size });
  },
  completed(key: string, video: Video) {
    putVideo(video);
    forgetFile(video.id);
    forget(byKey(key)?.id);
    // Only for the bytes used: a failed fetch is ignored, the next one brings them too.
    void refreshMe().catch(() => undefined);
    void startNext();
  },
  failed(key: string, error: unknown) {
    const upload = byKey(key);
    if (upload) fail(upload.id, error);
  },
};

function fail(id: string, error: unknown): void {
  const refused = error instanceof Error && error.name === "PutError";
  const reason = refused
    ? "Storage did not take the bytes. Check the connection and try again; what is there already stays."
    : reasonOf(error);
  change(id, { state: "failed", bytesPerSecond: null, reason });
  // Its ticket is gone: another attempt begins with a new one.
  const isOver = error instanceof ApiError && OVER.has(error.code);
  if (isOver) change(id, { videoId: null, sent: 0 });
  void startNext();
}

export function pauseUpload(id: string): void {
  const held = behind.get(id);
  if (held?.key) engine?.pause(held.key);
  held?.speed.reset();
  change(id, { state: "paused", bytesPerSecond: null });
  void startNext();
}

/** Resumes after a pause or a failure, when it is its turn. */
export function resumeUpload(id: string): void {
  const upload = uploads.find((each) => each.id === id);
  const held = behind.get(id);
  if (!upload || !held) return;
  const { key } = held;
  const { videoId } = upload;
  held.speed.reset();
  if (key && upload.state === "failed") held.goOn = () => engine?.retry(key, videoId ?? undefined);
  else if (key) held.goOn = () => engine?.resume(key);
  change(id, { state: "waiting", reason: null });
  void startNext();
}

/** What pressing an upload's status bar does. */
export function uploadAction(upload: Upload): (() => void) | undefined {
  if (upload.state === "sending") return () => pauseUpload(upload.id);
  if (upload.state === "paused" || upload.state === "failed") return () => resumeUpload(upload.id);
  return undefined;
}

/** Cancels the upload and its ticket: parts and entry are deleted. */
export async function cancelUpload(id: string): Promise<void> {
  const upload = uploads.find((each) => each.id === id);
  const key = behind.get(id)?.key;
  forget(id);
  if (key) engine?.remove(key);
  void startNext();
  if (!upload?.videoId) return;
  // When the API is not reached, the ticket ends by itself within a day; until then the library shows it
  // again.
  await abortUpload(upload.videoId).catch(() => undefined);
  forgetFile(upload.videoId);
  dropVideo(upload.videoId);
}

/** Signing out stops everything here; tickets stay and can be resumed. */
export function stopAll(): void {
  for (const { id } of [...uploads]) {
    const key = behind.get(id)?.key;
    forget(id);
    if (key) engine?.remove(key);
  }
}

function byKey(key: string): Upload | undefined {
  return uploads.find((upload) => behind.get(upload.id)?.key === key);
}
function change(id: string, fields: Partial<Upload>): void {
  setUploads((upload) => upload.id === id, fields);
}
function forget(id: string | undefined): void {
  if (id === undefined) return;
  behind.delete(id);
  setUploads(
    produce((all) => {
      const at = all.findIndex((upload) => upload.id === id);
      if (at >= 0) all.splice(at, 1);
    }),
  );
}
