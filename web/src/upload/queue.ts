/** The queue: starts what waits while connections are free, and records what the engine reports. */
import type { Video } from "@storagex/contract/videos/video";
import { ApiError } from "../api/api-error.ts";
import { onVideoChange, putVideo, rereadVideo } from "../api/cache.ts";
import { refreshMe } from "../api/session.ts";
import { t as common } from "../messages/common.ts";
import { forgetFile, rememberFile } from "./resume/known-files.ts";
import { forgetEntry, rememberTicket } from "./resume/remembered.ts";
import { startingNow } from "./send/connections.ts";
import type { Engine, EngineEvents } from "./send/engine.ts";
import { isFileLost } from "./status/file-lost.ts";
import { byKey, change, forget, type Transfer, transfers, type Upload, uploadOf, uploads } from "./store.ts";
import { type Done, noteUploaded } from "./tray/done.ts";

/** Another attempt needs a new ticket. */
const OVER: ReadonlySet<string> = new Set(["video.not_found", "video.wrong_status", "upload.expired"]);

let engine: Engine | undefined;

/** Loaded with the first upload. */
export const loadedEngine = (): Engine | undefined => engine;

/** Starts what can be sent now; called whenever the queue or its speed changes. */
export async function startNext(): Promise<void> {
  if (import.meta.env.SSR || !uploads.some(({ state }) => state === "waiting")) return;
  const pieces = await Promise.all([import("./send/engine.ts"), import("./send/own-calls.ts")]).catch(
    () => undefined,
  );
  if (!pieces) {
    // A new build has other names for its pieces: a page from before it finds them nowhere.
    for (const { id } of uploads.filter(({ state }) => state === "waiting"))
      change(id, { state: "failed", reason: common("pageFailed") });
    return;
  }
  const [{ createEngine }, { ownCalls }] = pieces;
  engine ??= createEngine(events, ownCalls);
  for (const upload of startingNow(uploads)) {
    const transfer = transfers.get(upload.id);
    if (!transfer) continue;
    change(upload.id, { state: "sending" });
    begin(upload, transfer, engine);
  }
}

function begin({ videoId }: Upload, transfer: Transfer, sender: Engine): void {
  const { resume } = transfer;
  transfer.resume = undefined;
  if (resume) resume();
  else transfer.key = sender.start(transfer.file, videoId);
}

const events: EngineEvents<Video> = {
  ticket(key: string, video: Video) {
    const upload = byKey(key);
    if (!upload) return;
    change(upload.id, { videoId: video.id });
    const file = transfers.get(upload.id)?.file;
    if (file) rememberFile(video.id, file.lastModified);
    rememberTicket(upload.id, video.id);
    putVideo(video);
    // What is on the way counts as soon as there is a ticket.
    void refreshMe().catch(() => undefined);
  },
  progress(key: string, sent: number) {
    const upload = byKey(key);
    const bytesPerSecond = transfers.get(upload?.id ?? "")?.speed.note(sent, Date.now()) ?? null;
    if (upload) change(upload.id, { sent: Math.min(sent, upload.size), bytesPerSecond });
    void startNext();
  },
  arrived(videoId: string) {
    // No event says what has arrived: the timeline of the video's page, where it is open, shows it.
    void rereadVideo(videoId);
  },
  sent(key: string) {
    const upload = byKey(key);
    if (upload) change(upload.id, { state: "finishing", sent: upload.size });
    void startNext();
  },
  ended(key: string, video: Video) {
    const upload = byKey(key);
    if (upload) putAway(upload.id, video);
    putVideo(video);
  },
  failed(key: string, error: unknown, reason: string) {
    const upload = byKey(key);
    if (upload) fail(upload.id, error, reason);
  },
};

/** Nothing more of it is to be sent; what becomes of its video is told from now on. */
function putAway(id: string, video: Done): void {
  forgetFile(video.id);
  forgetEntry(id);
  forget(id);
  noteUploaded(video);
  // Only for the bytes used: a failed fetch is ignored, the next one brings them too.
  void refreshMe().catch(() => undefined);
  void startNext();
}

// A file may be refused before its last part is sent: then sending stops at once.
onVideoChange((video) => {
  const upload = video.status === "failed" ? uploadOf(video.id) : undefined;
  if (!upload) return;
  const key = transfers.get(upload.id)?.key;
  if (key) engine?.remove(key);
  putAway(upload.id, video);
});

function fail(id: string, error: unknown, reason: string): void {
  change(id, { state: "failed", bytesPerSecond: null, reason, isFileLost: isFileLost(error) });
  const isOver = error instanceof ApiError && OVER.has(error.code);
  if (isOver) change(id, { videoId: null, sent: 0 });
  void startNext();
}
