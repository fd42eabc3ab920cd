/** The queue: starts what waits while connections are free, and records what the engine reports. */
import type { Video } from "@storagex/contract/video";
import { ApiError, reasonOf } from "../api/api-error.ts";
import { putVideo } from "../api/cache.ts";
import { throughOutages } from "../api/network.ts";
import { refreshMe } from "../api/session.ts";
import { getStoredParts } from "../api/tickets.ts";
import { startingNow } from "./connections.ts";
import { noteUploaded } from "./done.ts";
import type { Engine, EngineEvents } from "./engine.ts";
import { forgetFile, rememberFile } from "./known-files.ts";
import { forgetEntry, rememberTicket } from "./remembered.ts";
import { type Behind, behind, byKey, change, forget, type Upload, uploadById, uploads } from "./store.ts";

/** Another attempt needs a new ticket. */
const OVER: ReadonlySet<string> = new Set(["video.not_found", "video.wrong_status", "upload.expired"]);

let engine: Engine | undefined;

/** Loaded with the first upload. */
export const loadedEngine = (): Engine | undefined => engine;

/** Starts what can be sent now; called whenever the queue or its speed changes. */
export async function startNext(): Promise<void> {
  if (import.meta.env.SSR || !uploads.some(({ state }) => state === "waiting")) return;
  const { createEngine } = await import("./engine.ts");
  engine ??= createEngine(events);
  for (const upload of startingNow(uploads)) {
    const held = behind.get(upload.id);
    if (!held) continue;
    change(upload.id, { state: "sending" });
    void begin(upload, held, engine);
  }
}

async function begin({ id, videoId }: Upload, held: Behind, sender: Engine): Promise<void> {
  const { resume } = held;
  held.resume = undefined;
  try {
    if (resume) return resume();
    // An earlier ticket may have another part size than new ones.
    const ticket =
      videoId === null
        ? undefined
        : { videoId, partSize: (await throughOutages(() => getStoredParts(videoId))).partSize };
    // It may have been paused, cancelled, or paused and started again in the meantime.
    if (uploadById(id)?.state === "sending" && held.key === undefined)
      held.key = sender.start(held.file, ticket);
  } catch (error) {
    if (error instanceof ApiError) fail(id, error);
    else change(id, { state: "failed", reason: "This file is already being uploaded." });
  }
}

const events: EngineEvents = {
  ticket(key: string, video: Video) {
    const upload = byKey(key);
    if (!upload) return;
    change(upload.id, { videoId: video.id });
    const file = behind.get(upload.id)?.file;
    if (file) rememberFile(video.id, file.lastModified);
    rememberTicket(upload.id, video.id);
    putVideo(video);
    // What is on the way counts as soon as there is a ticket.
    void refreshMe().catch(() => undefined);
  },
  progress(key: string, sent: number) {
    const upload = byKey(key);
    const bytesPerSecond = behind.get(upload?.id ?? "")?.speed.note(sent, Date.now()) ?? null;
    if (upload) change(upload.id, { sent: Math.min(sent, upload.size), bytesPerSecond });
    void startNext();
  },
  sent(key: string) {
    const upload = byKey(key);
    if (upload) change(upload.id, { state: "finishing", sent: upload.size });
    void startNext();
  },
  completed(key: string, video: Video) {
    putVideo(video);
    forgetFile(video.id);
    const upload = byKey(key);
    if (upload) forgetEntry(upload.id);
    forget(upload?.id);
    noteUploaded(video);
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
    ? "Storage refused the data. Try again; what has arrived is not sent twice."
    : reasonOf(error);
  change(id, { state: "failed", bytesPerSecond: null, reason });
  const isOver = error instanceof ApiError && OVER.has(error.code);
  if (isOver) change(id, { videoId: null, sent: 0 });
  void startNext();
}
