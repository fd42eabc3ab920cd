/** PUTs one part to the storage, and says how far it is. */
import { UnreachedError } from "./persist.ts";
import type { PartBody } from "./source.ts";

/** No byte was taken for this long: the connection is dead. Milliseconds. */
const STALL = 45_000;
/** Every byte is sent, and the storage writes them or waits for others that do. Milliseconds. */
const ANSWER_WITHIN = 240_000;

/** The storage was sent the whole part and said nothing. */
export class UnansweredError extends UnreachedError {}

/** The storage refused a part. */
export class PutError extends Error {
  override name = "PutError";
  readonly status: number;
  constructor(status: number) {
    super(`the storage answered ${status}`);
    this.status = status;
  }
}

/** After 403 with another URL: this one may have expired. */
export const mayPutAgain = (error: unknown): boolean =>
  error instanceof UnreachedError ||
  (error instanceof PutError && ([403, 408, 429].includes(error.status) || error.status >= 500));

type Put = { url: string; body: PartBody; signal: AbortSignal; onProgress: (sent: number) => void };

/**
 * Throws PutError for a refusal, UnansweredError where all was sent, UnreachedError where it was not, or the signal's
 * reason.
 */
export async function putPart({ url, body, signal, onProgress }: Put): Promise<void> {
  const stalled = new AbortController();
  const stall = () => stalled.abort(new UnreachedError("the storage takes nothing any more"));
  const silent = () => stalled.abort(new UnansweredError("the storage took a part and did not answer"));
  let timer = setTimeout(stall, STALL);
  const progress = (sent: number) => {
    clearTimeout(timer);
    timer = sent < body.size ? setTimeout(stall, STALL) : setTimeout(silent, ANSWER_WITHIN);
    onProgress(sent);
  };
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    const { blob } = body;
    const status = await (blob && typeof XMLHttpRequest !== "undefined"
      ? sendBlob(url, blob, either, progress)
      : sendStream(url, body, either, progress));
    if (status < 200 || status > 299) throw new PutError(status);
    onProgress(body.size);
  } finally {
    clearTimeout(timer);
  }
}

type Progress = Put["onProgress"];

/** A browser's `fetch` reports no progress of what it sends. */
function sendBlob(url: string, blob: Blob, signal: AbortSignal, progress: Progress): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    const abort = () => {
      reject(signal.reason);
      request.abort();
    };
    signal.addEventListener("abort", abort);
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.upload.addEventListener("progress", ({ loaded }) => progress(loaded));
    request.addEventListener("error", () => reject(new UnreachedError("the storage was not reached")));
    request.addEventListener("load", () => resolve(request.status));
    request.send(blob);
  });
}

async function sendStream(url: string, body: PartBody, signal: AbortSignal, progress: Progress) {
  let sent = 0;
  const counted = body.stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        sent += bytes.length;
        progress(sent);
        controller.enqueue(bytes);
      },
    }),
  );
  const request = {
    method: "PUT",
    body: counted,
    // A part's URL is signed for its length, which a stream does not say by itself.
    headers: { "content-length": String(body.size) },
    duplex: "half",
    signal,
  };
  try {
    const answer = await fetch(url, request as RequestInit);
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    signal.throwIfAborted();
    throw new UnreachedError("the storage was not reached", { cause: error });
  }
}
