/** One upload by a link, from the file to the video: sent by the dashboard's own engine, and followed until it is ready. */
import type { LinkedVideo } from "@storagex/contract/videos/video";
import { createSignal, onCleanup } from "solid-js";
import { ApiError, unreachable } from "../api/api-error.ts";
import { throughOutages } from "../api/network.ts";
import { createEngine } from "../upload/send/engine.ts";
import { Speed } from "../upload/send/speed.ts";
import { isFileLost } from "../upload/status/file-lost.ts";
import type { Upload } from "../upload/store.ts";
import { isRevoked, linkedCalls, linkedPlayback } from "./calls.ts";
import { forget, isSameFile, type RememberedUpload, remember } from "./remembered-upload.ts";

/** Its ticket has ended, or its owner deleted the video, or the operator takes no uploads by links any more. */
const OVER: ReadonlySet<string> = new Set(["video.not_found", "upload.expired", "sharing.not_allowed"]);
/** Milliseconds between two looks at the video. */
const READ_EVERY = 2_000;

export type LinkedUpload = ReturnType<typeof createLinkedUpload>;

/**
 * Goes on with `remembered`, which began here before. `onRefused` is called where the link takes no upload now, or was
 * revoked meanwhile.
 */
export function createLinkedUpload(
  link: string,
  first: RememberedUpload,
  isFresh: boolean,
  onRefused: () => void,
) {
  let remembered = first;
  let isOver = false;
  let isCancelled = false;
  /** The request for the ticket, while it runs. */
  let asking: Promise<unknown> = Promise.resolve();
  /** The engine's, once the file is there. */
  let key: string | undefined;
  const speed = new Speed();
  const [video, setVideo] = createSignal<LinkedVideo>();
  const [state, setState] = createSignal<Upload>({
    ...{
      id: link,
      name: remembered.name,
      size: remembered.size,
      videoId: remembered.ticket?.videoId ?? null,
    },
    ...{ state: "missing", sent: 0, bytesPerSecond: null, reason: null, isFileLost: false },
  });
  /** Whether all of it is sent, or nothing more is to be. */
  const [isSent, setSent] = createSignal(false);
  const change = (fields: Partial<Upload>) => setState((before) => ({ ...before, ...fields }));
  const calls = linkedCalls(
    link,
    () => remembered,
    (ticket) => {
      remembered = { ...remembered, ticket };
      if (!isCancelled) remember(link, remembered);
    },
  );
  const ticket: typeof calls.ticket = (...request) => {
    const asked = calls.ticket(...request);
    asking = asked.catch(() => undefined);
    return asked;
  };
  const take = (next: LinkedVideo) => {
    // Of two answers the later one may be the older.
    if ((video()?.seq ?? 0) > next.seq) return;
    setVideo(next);
    if (next.status !== "pending_upload") setSent(true);
    if (state().state === "missing") change({ sent: Math.round(next.uploaded * remembered.size) });
    if (next.status === "failed" && key) engine.remove(key);
  };
  const engine = createEngine<LinkedVideo>(
    {
      ticket(_, made) {
        change({ videoId: made.id });
        take(made);
      },
      progress(_, sent) {
        change({ sent, bytesPerSecond: speed.note(sent, Date.now()) });
      },
      arrived() {},
      sent() {
        change({ state: "finishing", sent: remembered.size, bytesPerSecond: null });
      },
      ended(_, ended) {
        setSent(true);
        take(ended);
      },
      failed(_, error, reason) {
        fail(error, reason);
      },
    },
    { ...calls, ticket },
  );

  function fail(error: unknown, reason: string): void {
    const code = error instanceof ApiError ? error.code : "";
    if (isRevoked(error) || code.startsWith("upload_link.") || OVER.has(code)) {
      end();
      return;
    }
    change({ state: "failed", bytesPerSecond: null, reason, isFileLost: isFileLost(error) });
  }

  /** Nothing of it is left here: what the link says now is to be shown. */
  function end(): void {
    if (key) engine.remove(key);
    forget(link);
    isOver = true;
    onRefused();
  }

  async function readVideo(): Promise<void> {
    const id = remembered.ticket?.videoId;
    if (id === undefined) return;
    try {
      take(await calls.video(id));
    } catch (error) {
      if (isCancelled) return;
      if (isRevoked(error) || (error instanceof ApiError && OVER.has(error.code))) end();
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  async function follow(): Promise<void> {
    await readVideo();
    isOver ||= ["completed", "failed"].includes(video()?.status ?? "");
    if (!isOver) timer = setTimeout(() => void follow(), READ_EVERY);
  }
  void follow();
  onCleanup(() => {
    isOver = true;
    clearTimeout(timer);
    if (key) engine.remove(key);
  });

  const upload = {
    video,
    state,
    isSent,
    /** Sends the file; false where it is another one than before. */
    send(file: File): boolean {
      if (!isSameFile(remembered, file)) return false;
      if (key) engine.remove(key);
      change({ state: "sending", reason: null, isFileLost: false });
      key = engine.start(file, remembered.ticket?.videoId ?? null);
      return true;
    },
    /** What pressing the status bar does; undefined for nothing. */
    press(): (() => void) | undefined {
      const { state: now, videoId, isFileLost: needsFile } = state();
      const pressed = key;
      if (isSent() || needsFile || pressed === undefined) return undefined;
      if (now === "sending")
        return () => {
          engine.pause(pressed);
          speed.reset();
          change({ state: "paused", bytesPerSecond: null });
        };
      if (now === "paused" || now === "failed")
        return () => {
          change({ state: "sending", reason: null });
          if (now === "failed") engine.retry(pressed, videoId);
          else engine.resume(pressed);
        };
      return undefined;
    },
    /** Gives the upload up; the link may be used for another one then. */
    async cancel(): Promise<void> {
      isCancelled = true;
      if (key) engine.remove(key);
      key = undefined;
      // A ticket that is on its way counts as an upload of the link, too.
      await asking;
      const id = remembered.ticket?.videoId;
      if (id !== undefined) await throughOutages(() => calls.abort(id)).catch(() => undefined);
      // Not before: who leaves the page during an outage finds the upload again, and can give it up then.
      forget(link);
    },
    /** Asked for where the video can be played, so there is a ticket. */
    playback: () => (remembered.ticket ? linkedPlayback(remembered.ticket) : Promise.reject(unreachable())),
  };
  if (isFresh) remember(link, remembered);
  return upload;
}
