/** Input and output of every operation; the listener owns the connection. */
import type { Payload } from "../payload.ts";
import type { S3Request } from "../request.ts";
import type { Span } from "../store/blobs.ts";
import type { Store } from "../store/store.ts";

export interface Call {
  request: S3Request;
  store: Store;
  /** Milliseconds since 1970, at the start of the request. */
  now: number;
  /** Opens the body; an operation without a body never calls it. */
  payload(): Payload;
}

/** A response with an XML document, the bytes of some spans, or nothing. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  xml?: string;
  /** The operation has locked the blobs; the listener calls `release` when it has sent them. */
  stream?: { spans: Span[]; release: () => Promise<void> };
}
