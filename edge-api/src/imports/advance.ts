/** An importer goes on: renews its lease, gets the URLs of the parts that it sends, and learns what helps most. */
import type { advancedImportSchema, advanceImportSchema } from "@storagex/contract/uploads/imports";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Edge } from "../context.ts";
import { signersOf } from "../storage/presign.ts";
import { openOnly, readSource } from "../uploads/open-upload.ts";
import { findParts } from "../uploads/part-objects/find.ts";
import { signParts } from "../uploads/part-urls.ts";
import { renew, reserve } from "./lease.ts";

type Advance = z.infer<typeof advanceImportSchema>;

/** Throws `storage.unavailable`, `upload.part_out_of_range`. */
export async function advanceImport(
  edge: Edge,
  id: string,
  { lease, received, size, parts, stored }: Advance,
): Promise<z.infer<typeof advancedImportSchema>> {
  const gone = { outcome: "gone" as const };
  const leased = { id, lease };
  const renewed = await renew(edge, leased, received);
  if (!renewed) return gone;
  if (size !== undefined && renewed.size === null) {
    if (!(await reserve(edge, leased, size, { sets: sql`, size = ${size}::bigint` }))) return gone;
  }
  const isKnown = renewed.size !== null || size !== undefined;
  if (parts.length === 0 && !stored) return { outcome: "held", parts: [], wanted: [] };
  let source = await readSource(edge, sql`videos.status = 'pending_upload'`, id);
  // Where the address does not say its length, room is reserved part by part.
  const reach = Math.max(0, ...parts) * source.partSize;
  if (!isKnown && reach > source.size) {
    const { STORAGEX_MAX_UPLOAD_BYTES: max } = edge.config;
    // The last part may be shorter than the others, so that all of it fits.
    const fits = reach - source.partSize < max ? Math.min(reach, max) : reach;
    if (!(await reserve(edge, leased, fits))) return gone;
    source = { ...source, size: reach };
  }
  const upload = openOnly(source);
  const urls =
    parts.length === 0 ? [] : await signParts(edge.config, upload, parts, signersOf(edge.config).worker);
  const { wanted } = stored && isKnown ? await findParts(edge, upload) : { wanted: [] };
  return { outcome: "held", parts: urls.map(({ partNumber, url }) => ({ partNumber, url })), wanted };
}
