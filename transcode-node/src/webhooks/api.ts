/** The sender's client for edge-api. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import { claimedDeliverySchema, type DeliveryReport } from "@storagex/contract/webhooks";
import { ApiError } from "../worker/api.ts";

const CALL_TIMEOUT_MS = 8_000;

export type SenderApi = ReturnType<typeof makeSenderApi>;

/** Calls to `baseUrl` with the sender's `credential` (`id.secret`). Every call rejects with ApiError. */
export function makeSenderApi(options: { baseUrl: string; credential: string }) {
  const base = options.baseUrl.replace(/\/$/, "");

  async function call(route: "claimDelivery" | "reportDelivery", deliveryId: string, body?: unknown) {
    const path = internalRoutes[route].path.replace("{deliveryId}", encodeURIComponent(deliveryId));
    let response: Response;
    let text: string;
    try {
      response = await fetch(base + path, {
        method: "POST",
        headers: {
          authorization: `Worker ${options.credential}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: "error",
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw new ApiError(`${route}: no answer`, null, { cause: error });
    }
    if (!response.ok)
      throw new ApiError(`${route}: ${response.status} ${text.slice(0, 300)}`, response.status);
    return text;
  }

  return {
    claim: async (deliveryId: string) =>
      claimedDeliverySchema.parse(JSON.parse(await call("claimDelivery", deliveryId))),
    report: async (deliveryId: string, report: DeliveryReport): Promise<void> => {
      await call("reportDelivery", deliveryId, report);
    },
  };
}
