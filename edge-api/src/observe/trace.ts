/** The trace id that follows a video from ticket to last segment (W3C Trace Context). */
import { randomHex } from "../keys/random.ts";

/** Version 00; all-zero ids are invalid by section 3.2.2 of the recommendation. */
const FORMAT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export type Trace = { traceId: string; traceparent: string };

/** Continues the caller's trace with a span of our own, or starts one. */
export function traceOf(header: string | undefined): Trace {
  const traceId = FORMAT.exec(header ?? "")?.[1] ?? randomHex(16);
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-01` };
}
