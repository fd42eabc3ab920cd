/** PUTs one part to S3 with progress; by XMLHttpRequest, because fetch reports no upload progress. */
import { UnreachedError } from "../../api/network.ts";

/** No byte was sent for this long: the network changed, and the browser has not noticed. Milliseconds. */
const STALL = 45_000;
/** Every byte is sent, and the storage writes them or waits for others that do. Milliseconds. */
const ANSWER_WITHIN = 240_000;

/** Storage refused a part. */
export class PutError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`Storage answered ${status}`);
    this.name = "PutError";
    this.status = status;
  }

  /** Whether another attempt may succeed; after 403 with a new URL, because this one may have expired. */
  get mayPass(): boolean {
    return this.status === 403 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The storage was sent the whole part and said nothing: sent again and again, it would never end. */
export class UnansweredError extends Error {
  override name = "UnansweredError";
}

/** The file was changed or moved while it was sent: what the browser still has of it cannot be read. */
export class UnreadableError extends Error {
  override name = "UnreadableError";
}

export type PutOptions = {
  url: string;
  body: Blob;
  signal?: AbortSignal | undefined;
  /** Bytes of this part sent so far. */
  onProgress: (loaded: number) => void;
};

/**
 * Throws PutError for a refusal, UnansweredError where all was sent, UnreachedError where it was not, UnreadableError,
 * or the signal's reason.
 */
export async function putPart(options: PutOptions): Promise<void> {
  try {
    await send(options);
  } catch (error) {
    // A browser says of a file that it cannot read the same as of a lost network.
    if (error instanceof UnreachedError) await requireReadable(options.body);
    throw error;
  }
}

async function requireReadable(body: Blob): Promise<void> {
  const isReadable = await body
    .slice(0, 1)
    .arrayBuffer()
    .then(() => true)
    .catch(() => false);
  if (!isReadable) throw new UnreadableError("the file cannot be read any more");
}

function send({ url, body, signal, onProgress }: PutOptions): Promise<void> {
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
    function unanswered() {
      finish(() => reject(new UnansweredError("storage did not answer")));
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
    request.upload.addEventListener("load", () => {
      clearTimeout(timer);
      timer = setTimeout(unanswered, ANSWER_WITHIN);
    });
    request.addEventListener("error", () =>
      finish(() => reject(new UnreachedError("storage was not reached"))),
    );
    request.addEventListener("load", () =>
      finish(() => {
        if (request.status < 200 || request.status >= 300) return reject(new PutError(request.status));
        onProgress(body.size);
        return resolve();
      }),
    );
    request.send(body);
  });
}
