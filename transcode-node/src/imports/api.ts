/** The importer's client for edge-api. */

import { internalRoutes } from "@storagex/contract/routes/internal";
import {
  type AdvanceImport,
  advancedImportSchema,
  type beginImportSchema,
  begunImportSchema,
  claimedImportSchema,
  completedImportSchema,
  type EndImport,
} from "@storagex/contract/uploads/imports";
import type { z } from "zod";
import { makeServiceCall } from "../service/service-call.ts";

/** Beginning anew removes parts first. */
const CALL_TIMEOUT_MS = 60_000;

export type ImporterApi = ReturnType<typeof makeImporterApi>;
type Route = "beginImport" | "advanceImport" | "completeImport" | "endImport";

/** Calls to `baseUrl` with the importer's `credential` (`id.secret`). Every call rejects with ApiError. */
export function makeImporterApi(options: { baseUrl: string; credential: string }) {
  const call = makeServiceCall({ ...options, timeoutMs: CALL_TIMEOUT_MS });
  const post = (route: Route, id: string, body: unknown) =>
    call(internalRoutes[route].path.replace("{id}", encodeURIComponent(id)), body);
  return {
    claim: async () => claimedImportSchema.parse(JSON.parse(await call(internalRoutes.claimImport.path))),
    begin: async (id: string, body: z.input<typeof beginImportSchema>) =>
      begunImportSchema.parse(JSON.parse(await post("beginImport", id, body))),
    advance: async (id: string, body: AdvanceImport) =>
      advancedImportSchema.parse(JSON.parse(await post("advanceImport", id, body))),
    complete: async (id: string, lease: string) =>
      completedImportSchema.parse(JSON.parse(await post("completeImport", id, { lease }))),
    end: async (id: string, body: EndImport): Promise<void> => {
      await post("endImport", id, body);
    },
  };
}
