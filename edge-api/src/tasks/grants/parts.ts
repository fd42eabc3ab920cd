/** Signs the reads of a source by its parts, for workers that process it while it is uploaded or put together. */
import { partKey, sourceKey } from "@storagex/contract/keys";
import type { PartGrant } from "@storagex/contract/tasks/grants";
import { partCountOf } from "@storagex/contract/uploads/upload-parts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { json } from "../../db/text.ts";
import { signersOf } from "../../storage/presign.ts";
import { endOf, type Grantee, lifeOf } from "./grantee.ts";

const pinnedRow = z.object({ partNumber: z.number(), size: z.coerce.number(), etag: z.string() });

/**
 * Those of the parts `numbers` that have arrived, each bound to its pinned ETag. Of a source that is one object
 * by now: that object, from where the part begins. So a worker never notices when its parts go.
 */
export async function partGrants(
  edge: Edge,
  grantee: Grantee,
  numbers: readonly number[],
): Promise<PartGrant[]> {
  const { ownerId, videoId, kind, size, partSize, sourceEtag } = grantee;
  if (numbers.length === 0 || partSize === null) return [];
  const life = lifeOf(kind);
  const expiresAt = endOf(life);
  const signer = signersOf(edge.config).worker;
  if (sourceEtag !== null) {
    const url = await signer.get(sourceKey(ownerId, videoId), life);
    const existing = numbers.filter((number) => number <= partCountOf({ size, partSize }));
    return existing.map((partNumber) => {
      const skip = (partNumber - 1) * partSize;
      return { partNumber, url, etag: sourceEtag, size, skip, expiresAt };
    });
  }
  const statement = sql`SELECT number AS "partNumber", size, etag FROM upload_parts WHERE video_id = ${videoId}
    AND number IN (SELECT value::int FROM jsonb_array_elements_text(${json(numbers)}))`;
  const pinned = await query(edge.db, statement, pinnedRow);
  return Promise.all(
    pinned.map(async (part) => ({
      ...part,
      url: await signer.get(partKey(ownerId, videoId, part.partNumber), life),
      skip: 0,
      expiresAt,
    })),
  );
}
