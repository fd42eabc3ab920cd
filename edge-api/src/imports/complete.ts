/** The whole source is stored: goes on as if a client had completed its upload. */
import type { completedImportSchema } from "@storagex/contract/uploads/imports";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Edge } from "../context.ts";
import { Problem } from "../problem/problem.ts";
import { completeUpload } from "../uploads/complete.ts";
import { readSource } from "../uploads/open-upload.ts";
import { renew } from "./lease.ts";

/** Throws `storage.unavailable`. */
export async function completeImport(
  edge: Edge,
  id: string,
  lease: string,
): Promise<z.infer<typeof completedImportSchema>> {
  if (!(await renew(edge, { id, lease }))) return { outcome: "gone" };
  try {
    await completeUpload(edge, await readSource(edge, sql`videos.status <> 'deleting'`, id));
    return { outcome: "done" };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "video.not_found" || error.code === "upload.expired") return { outcome: "gone" };
    if (error.more.missing) return { outcome: "missing", parts: error.more.missing };
    throw error;
  }
}
