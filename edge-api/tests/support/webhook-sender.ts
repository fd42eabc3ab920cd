/** What the sender of webhooks asks and reports, on the shared fixture. */
import { claimedDeliverySchema } from "@storagex/contract/webhooks";
import { expect } from "vitest";
import { SENDER_CREDENTIAL } from "./harness.ts";
import { edge } from "./shared-pipeline.ts";

/** A call of the sender about a delivery. */
export const internal = (path: string, body?: unknown) =>
  fetch(`${edge.url}/internal/deliveries/${path}`, {
    method: "POST",
    headers: {
      authorization: `Worker ${SENDER_CREDENTIAL}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export const newLease = () => crypto.randomUUID();
/** `lease`: the sender's name for it. */
export async function claim(id: string, lease = newLease()) {
  const claimed = claimedDeliverySchema.parse(await (await internal(`${id}/claim`, { lease })).json());
  return claimed.outcome === "leased" ? { ...claimed, lease } : claimed;
}

export async function leased(id: string) {
  const claimed = await claim(id);
  if (claimed.outcome !== "leased") throw new Error(`${id} is not to be sent`);
  return claimed;
}

export const report = (id: string, lease: string, status: number | null, response: string | null = null) =>
  internal(`${id}/report`, {
    lease,
    status,
    milliseconds: 7,
    error: status === null ? "refused" : null,
    response,
  });

/** A whole try. */
export async function tried(id: string, status: number | null): Promise<void> {
  const { lease } = await leased(id);
  expect((await report(id, lease, status, "thanks")).status).toBe(204);
}
