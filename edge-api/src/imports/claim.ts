/** Gives an importer an import that is due: its address, and what is stored of it. */
import {
  type ClaimedImport,
  type claimedImportSchema,
  IMPORT_LEASE_SECONDS,
  validatorSchema,
} from "@storagex/contract/uploads/imports";
import { partLength } from "@storagex/contract/uploads/upload-parts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isActive } from "../identity/active.ts";
import { newId } from "../keys/random.ts";
import { unseal } from "../keys/sealed.ts";
import { isOpen, openOnly, readSource } from "../uploads/open-upload.ts";
import { listStored } from "../uploads/stored-parts.ts";
import { failImport } from "./fail.ts";
import { isLeased } from "./lease.ts";

const claimedRow = z.object({
  id: z.string(),
  sealed: z.string(),
  size: z.coerce.number().nullable(),
  validator: validatorSchema.nullable(),
});

/** Imports of one account that are fetched at a time: slow servers of one must not keep all others. */
const MAX_OF_ACCOUNT = 3;

/** How many of each account are on the way. */
const running = sql`SELECT videos.owner_id, count(*) AS number FROM imports JOIN videos ON videos.id = imports.video_id
      WHERE imports.lease IS NOT NULL AND imports.leased_until > now() GROUP BY videos.owner_id`;
const ofOwner = sql`coalesce(running.number, 0)`;

/** Those of accounts that have fewer on the way come first, then those that are due longest. */
const nextDue = sql`SELECT imports.video_id FROM imports JOIN videos ON videos.id = imports.video_id
      JOIN users AS u ON u.id = videos.owner_id AND ${isActive} LEFT JOIN running ON running.owner_id = videos.owner_id
    WHERE address_sealed IS NOT NULL AND due_at <= now() AND leased_until < now() AND videos.status = 'pending_upload'
      AND videos.ticket_expires_at > now()
      AND ${ofOwner} < ${MAX_OF_ACCOUNT}::int
    ORDER BY ${ofOwner}, due_at LIMIT 1 FOR UPDATE OF imports SKIP LOCKED`;

/** Leases an import that is due, or none. A lease that nobody renews ends by itself. Throws `storage.unavailable`. */
export async function claimImport(edge: Edge): Promise<z.infer<typeof claimedImportSchema>> {
  const lease = newId();
  const statement = sql`WITH running AS MATERIALIZED (${running}), next AS (${nextDue})
    UPDATE imports SET lease = ${lease}, leased_until = now() + ${IMPORT_LEASE_SECONDS}::int * interval '1 second'
    FROM next WHERE imports.video_id = next.video_id
    RETURNING imports.video_id AS id, address_sealed AS sealed, size, validator`;
  const [claimed] = await query(edge.db, statement, claimedRow);
  if (!claimed) return { outcome: "none" };
  const { id: videoId } = claimed;
  const url = await unseal(edge.config, claimed.sealed);
  if (url === undefined) {
    // The signing key that sealed it was removed: nobody knows the address any more.
    await failImport(edge, isLeased({ id: videoId, lease }), "import.unreachable");
    return { outcome: "none" };
  }
  return { outcome: "leased", videoId, lease, url, before: await storedBefore(edge, claimed) };
}

/** What an importer can continue; null where it must begin. */
async function storedBefore(
  edge: Edge,
  { id, size, validator }: z.infer<typeof claimedRow>,
): Promise<ClaimedImport["before"]> {
  if (validator === null) return null;
  const upload = await readSource(edge, sql`true`, id);
  if (!isOpen(upload)) return null;
  const parts = await listStored(edge, openOnly(upload));
  const stored = parts.filter((part) => part.size === partLength(upload, part.partNumber));
  return { size, partSize: upload.partSize, validator, stored: stored.map(({ partNumber }) => partNumber) };
}
