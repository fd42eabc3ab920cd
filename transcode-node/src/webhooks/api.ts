/** The sender's client for edge-api. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import { claimedDeliverySchema, type DeliveryReport } from "@storagex/contract/webhooks";
import { makeServiceCall } from "../service/service-call.ts";

const CALL_TIMEOUT_MS = 8_000;

export type SenderApi = ReturnType<typeof makeSenderApi>;

/** Calls to `baseUrl` with the sender's `credential` (`id.secret`). Every call rejects with ApiError. */
export function makeSenderApi(options: { baseUrl: string; credential: string }) {
  const call = makeServiceCall({ ...options, timeoutMs: CALL_TIMEOUT_MS });
  const pathOf = (route: "claimDelivery" | "reportDelivery", deliveryId: string) =>
    internalRoutes[route].path.replace("{deliveryId}", encodeURIComponent(deliveryId));
  return {
    claim: async (deliveryId: string, lease: string) =>
      claimedDeliverySchema.parse(JSON.parse(await call(pathOf("claimDelivery", deliveryId), { lease }))),
    report: async (deliveryId: string, report: DeliveryReport): Promise<void> => {
      await call(pathOf("reportDelivery", deliveryId), report);
    },
  };
}
