/** Creates a video whose source is fetched from an address. */

import { hostOf, isRefusedAtOnce, readAllowList } from "@storagex/contract/net/addresses";
import type { ImportRequest } from "@storagex/contract/uploads/imports";
import { sql } from "drizzle-orm";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { ownedBy } from "../db/scope.ts";
import { oneLine } from "../db/text.ts";
import type { Account } from "../identity/caller.ts";
import { seal } from "../keys/sealed.ts";
import { problem } from "../problem/problem.ts";
import { storesPartsAsObjects } from "../storage/can-copy.ts";
import { dropTicket } from "../uploads/abort.ts";
import { countTicket } from "../uploads/limit.ts";
import { insertVideo, requestedVideo } from "../uploads/ticket.ts";
import { newVideoId } from "../videos/names.ts";
import { readWork } from "../videos/read.ts";
import type { WorkRow } from "../videos/rows.ts";

/**
 * Returns the video; the importer finds it by itself. Its size is unknown, so nothing is reserved yet. Throws
 * `import.refused` where that can be seen without resolving a name, and what a ticket throws.
 */
export async function createImport(
  edge: Edge,
  { id: ownerId, profile }: Pick<Account, "id" | "profile">,
  { url, ...request }: ImportRequest,
): Promise<WorkRow> {
  const { config, db } = edge;
  const address = new URL(url);
  requireAllowed(config, address);
  const filename = request.filename ?? filenameOf(address);
  const video = { ...requestedVideo(config, { ...request, filename }, profile), id: newVideoId() };
  await countTicket(db, { ownerId });
  const inObjects = await storesPartsAsObjects(config);
  const sealed = await seal(config, address.href);
  try {
    await insertVideo(
      edge,
      ownerId,
      { ...video, size: 0, partSize: null, inObjects },
      {
        origin: "import",
        beside: sql`address AS (INSERT INTO imports (video_id, address_sealed) SELECT id, ${sealed} FROM made)`,
      },
    );
    const row = await readWork(db, ownedBy(ownerId), video.id);
    if (!row) throw problem("video.not_found");
    return row;
  } catch (error) {
    // Nobody was told of it, and who asks again begins another.
    edge.waitUntil(dropTicket(edge, video.id));
    throw error;
  }
}

function requireAllowed(config: Config, address: URL): void {
  const allow = readAllowList(config.STORAGEX_IMPORT_ALLOW ?? "");
  if (isRefusedAtOnce(address, allow, { plainHttp: true })) throw problem("import.refused");
}

const MAX_NAME = 300;

/** The last element of the path, which may show; the host where there is none. */
function filenameOf(address: URL): string {
  const last = address.pathname.split("/").findLast((element) => element !== "") ?? "";
  const name = oneLine(decoded(last)).slice(0, MAX_NAME);
  return name === "" ? hostOf(address) : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
