/** PUTs one part to S3 with progress; by XMLHttpRequest, because fetch reports no upload progress. */
import { UnreachedError } from "../api/network.ts";

/** No byte was sent for this long: the network changed, and the browser has not noticed. Milliseconds. */
const STALL = 45_000;

/** Uppy reads `source.status`: 5xx are retried, "Request has expired" gets a new URL first. */
export class PutError extends Error {
  readonly source: { status: number };
  constructor(status: number) {
    super(status === 403 ? "Request has expired" : `Storage answered ${status}`);
    this.name = "PutError";
    this.source = { status };
  }
}

type PutOptions = {
  url: string;
  body: Blob;
  signal?: AbortSignal | undefined;
  /** Bytes of this part sent so far. */
  onProgress: (loaded: number) => void;
};

/**
 * Resolves with the part's ETag, empty where S3 does not expose it (the server lists the parts itself).
 * Throws PutError for a refusal,
 * UnreachedError where there was no answer, or the signal's reason.
 */
export function putPart({ url, body, signal, onProgress }: PutOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    let timer = setTimeout(stalled, STALL);
    function stalled() {
      finish(() => reject(new UnreachedError("storage was not reached")));
      request.abort();
    }
    function aborted() {
      finish(() => reject(signal?.reason));
      request.abort();
    }
    function finish(settle: () => void) {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      settle();
    }
    signal?.addEventListener("abort", aborted);
    request.upload.addEventListener("progress", (event) => {
      clearTimeout(timer);
      timer = setTimeout(stalled, STALL);
      onProgress(event.loaded);
    });
    request.addEventListener("error", () =>
      finish(() => reject(new UnreachedError("storage was not reached"))),
    );
    request.addEventListener("load", () =>
      finish(() => {
        if (request.status < 200 || request.status >= 300) return reject(new PutError(request.status));
        onProgress(body.size);
        return resolve(request.getResponseHeader("etag") ?? "");
      }),
    );
    request.send(body);
  });
}
