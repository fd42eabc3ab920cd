/** One try of a delivery: claims it, sends the signed request, reports how it ended. */
import { randomUUID } from "node:crypto";
import type { AllowList } from "@storagex/contract/net/addresses";
import { DELIVERY_SECONDS, type DeliveryReport, MAX_RESPONSE_BYTES } from "@storagex/contract/webhooks";
import type { Logger } from "pino";
import { egressRequest, readStart } from "../egress/request.ts";
import type { Resolve } from "../egress/resolve.ts";
import { keepTrying } from "../service/retry.ts";
import type { SenderApi } from "./api.ts";

/** A claim that the API does not answer is given up: the delivery is handed over again. */
const CLAIM_WITHIN_MS = 10_000;
/** Within the rest of the lease. */
const REPORT_WITHIN_MS = 20_000;
/** After its head, an answer may take so long for the bytes that are kept. */
const RESPONSE_MS = 1_000;

export type Sending = { api: SenderApi; allow: AllowList; log: Logger; resolve?: Resolve };

/** Never rejects: what could not be reported is tried again by whoever gets it next. */
export async function deliver(deliveryId: string, { api, allow, log, resolve }: Sending): Promise<void> {
  try {
    // The same for each try of the claim: one whose answer was lost has the lease already.
    const lease = randomUUID();
    const until = performance.now() + CLAIM_WITHIN_MS;
    const claimed = await keepTrying(() => api.claim(deliveryId, lease), { until });
    if (claimed.outcome === "none") return;
    const report = { lease, ...(await attempt(claimed, allow, resolve)) };
    await keepTrying(() => api.report(deliveryId, report), { until: performance.now() + REPORT_WITHIN_MS });
    log.info({ deliveryId, status: report.status, ms: report.milliseconds }, "tried");
  } catch (error) {
    log.warn({ deliveryId, reason: String(error) }, "not claimed or not reported");
  }
}

async function attempt(
  { url, headers, body }: { url: string; headers: Record<string, string>; body: string },
  allow: AllowList,
  resolve: Resolve | undefined,
): Promise<Omit<DeliveryReport, "lease">> {
  const began = performance.now();
  const end = (result: Pick<DeliveryReport, "status" | "error" | "response">) => ({
    ...result,
    milliseconds: Math.round(performance.now() - began),
  });
  try {
    const answer = await egressRequest(url, {
      method: "POST",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      body,
      allow,
      maxRedirects: 0,
      signal: AbortSignal.timeout(DELIVERY_SECONDS * 1_000),
      ...(resolve && { resolve }),
    });
    const ended = end({ status: answer.statusCode ?? null, error: null, response: null });
    const start = await readStart(answer, MAX_RESPONSE_BYTES, RESPONSE_MS);
    return { ...ended, response: start.toString("utf8") };
  } catch (error) {
    return end({ status: null, error: reasonOf(error), response: null });
  }
}

/** Why there was no answer, in one line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 500);
  if (error.name === "TimeoutError" || (error.cause instanceof Error && error.cause.name === "TimeoutError"))
    return `no answer within ${DELIVERY_SECONDS} s`;
  const code = "code" in error ? String(error.code) : "";
  return (error.message || code || error.name).slice(0, 500);
}
