/**
 * Creates a ticket: a row, with its size reserved in the quota, and a multipart upload at the object store
 * unless the parts become objects of their own.
 * Step 1 in docs/architecture.md.
 */
import { sourceKey } from "@storagex/contract/keys";
import { TICKET_HOURS, type Ticket, type TicketRequest } from "@storagex/contract/uploads/upload";
import { partCountOf, partObjectSizeFor, partSizeFor } from "@storagex/contract/uploads/upload-parts";
import type { Profile } from "@storagex/contract/videos/profile";
import type { Origin } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { queryLocked } from "../db/lock.ts";
import { ownedBy } from "../db/scope.ts";
import { iso, json, oneLine, storable } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import type { Account } from "../identity/caller.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { OPEN_UPLOADS, reserves } from "../quota/counters.ts";
import { requireSharing } from "../sharing/allowed.ts";
import { storesPartsAsObjects } from "../storage/can-copy.ts";
import { storageOf } from "../storage/s3.ts";
import {
  cleanFields,
  columnsOf,
  type RequestedFields,
  unlessTaken,
  videoSearchText,
} from "../videos/fields.ts";
import { newVideoId, titleOf } from "../videos/names.ts";
import { readWork } from "../videos/read.ts";
import { toVideoDetail } from "../videos/view.ts";
import { dropTicket } from "./abort.ts";
import { countTicket } from "./limit.ts";
import { isOpen, openOnly, type PartsTo, readUpload } from "./open-upload.ts";
import { firstParts, signParts } from "./part-urls.ts";
import { profileFor } from "./profile.ts";

const madeRow = z.object({ expiresAt: z.string() });
const quotaRow = z.object({ open: z.number(), taken: z.coerce.number() });

/**
 * Creates the video and opens its upload. Throws `request.invalid` (too large, or no visible character in the
 * title), `sharing.not_allowed`, `video.external_id_taken`, `upload.profile_not_allowed`, `upload.too_often`, `upload.quota_exceeded`, `upload.too_many_open`,
 * `storage.unavailable`.
 */
export async function openTicket(
  edge: Edge,
  { id: ownerId, profile: preferred }: Pick<Account, "id" | "profile">,
  request: TicketRequest,
  how: Beginning = { origin: "upload" },
): Promise<Ticket> {
  const { config, db } = edge;
  const { size } = request;
  if (size > config.STORAGEX_MAX_UPLOAD_BYTES)
    throw problem("request.invalid", {
      errors: [{ path: "size", message: `must be at most ${config.STORAGEX_MAX_UPLOAD_BYTES} bytes` }],
    });
  const video = { ...requestedVideo(config, request, preferred), id: newVideoId() };
  await countTicket(db, how.linkId === undefined ? { ownerId } : { linkId: how.linkId });
  const { id } = video;
  const inObjects = await storesPartsAsObjects(config);
  const layout = { size, partSize: inObjects ? partObjectSizeFor(size) : partSizeFor(size) };
  try {
    const expiresAt = await insertVideo(edge, ownerId, { ...video, ...layout, inObjects }, how);
    const to = inObjects ? { inObjects } : await openMultipart(edge, ownerId, id);
    const ticket = { id, ownerId, ...layout, ...to, ticketExpiresAt: expiresAt };
    const parts = await signParts(config, ticket, firstParts(layout));
    const row = await readWork(db, ownedBy(ownerId), id);
    if (!row) throw problem("video.not_found");
    return {
      video: await toVideoDetail(config, row),
      upload: { partSize: layout.partSize, partCount: partCountOf(layout), expiresAt, parts },
    };
  } catch (error) {
    // A ticket that nobody received must not reserve quota for a day (this includes the case that only the
    // database's answer was lost).
    edge.waitUntil(dropTicket(edge, id));
    throw error;
  }
}

export type RequestedVideo = {
  filename: string;
  profile: Profile;
  fields: RequestedFields & { title: string };
};

/**
 * What a request says of the new video, safe to store. Throws `request.invalid`, `sharing.not_allowed`,
 * `upload.profile_not_allowed`.
 */
export function requestedVideo(
  config: Config,
  request: Omit<TicketRequest, "size" | "contentType">,
  preferred: Account["profile"],
): RequestedVideo {
  const { filename, title = titleOf(filename), description, tags, visibility, chapters } = request;
  const { externalId, metadata } = request;
  if (visibility === "public") requireSharing(config, "public");
  const fields = cleanFields({ title, description, tags, visibility, chapters, externalId, metadata });
  // Stored unchanged if possible: clients that resume the upload find it by the file's own name.
  if (oneLine(filename) === "")
    throw problem("request.invalid", { errors: [{ path: "filename", message: "holds nothing to show" }] });
  return { filename, fields, profile: profileFor(config, request.profile, preferred) };
}

/**
 * The same ticket again, with its first part URLs signed afresh; none once it takes no more parts. `expiresAt`
 * as it was first answered. Throws `video.not_found`.
 */
export async function ticketAgain(edge: Edge, scope: SQL, id: string, expiresAt: string): Promise<Ticket> {
  const { config, db } = edge;
  const upload = await readUpload(edge, scope, id);
  const parts = isOpen(upload) ? await signParts(config, openOnly(upload), firstParts(upload)) : [];
  const row = await readWork(db, scope, id);
  if (!row) throw problem("video.not_found");
  return {
    video: await toVideoDetail(config, row),
    upload: { partSize: upload.partSize, partCount: partCountOf(upload), expiresAt, parts },
  };
}

/** Begins the multipart upload of a new ticket and stores its id. */
async function openMultipart(edge: Edge, ownerId: string, id: string): Promise<PartsTo> {
  const storage = storageOf(edge.config);
  const key = sourceKey(ownerId, id);
  const uploadId = await storage.createUpload(key);
  try {
    const statement = sql`UPDATE videos SET upload_id = ${uploadId}
      WHERE id = ${id} AND status = 'pending_upload' AND upload_id IS NULL`;
    await edge.db.execute(statement);
    return { inObjects: false, uploadId };
  } catch (error) {
    // The row may not know it.
    edge.waitUntil(storage.abortUpload(key, uploadId));
    throw error;
  }
}

/** Where a video comes from, and what its statement does besides. */
export type Beginning = {
  origin: Origin;
  /** The upload link by which it begins. */
  linkId?: string;
  /** A statement before, in the same transaction. */
  lock?: SQL;
  /** A condition without which there is no video. */
  holds?: SQL;
  /** A further CTE, which reads the row in `made`. */
  beside?: SQL;
  /** Why `holds` does not; undefined if it does. */
  refusal?: () => Promise<Problem | undefined>;
};

/**
 * Inserts the row first: the sweep removes objects without a row. The same statement reserves the quota. Returns
 * when the ticket expires. Throws `video.external_id_taken`, `upload.quota_exceeded`, `upload.too_many_open`, and
 * `refusal`.
 */
export async function insertVideo(
  { config, db, traceparent }: Edge,
  ownerId: string,
  video: RequestedVideo & {
    id: string;
    size: number;
    /** Null where it follows from a size that is not known yet. */
    partSize: number | null;
    inObjects: boolean;
  },
  { origin, lock, holds, beside = sql`beside AS (SELECT 1)`, refusal }: Beginning,
): Promise<string> {
  const quota = config.STORAGEX_QUOTA_BYTES;
  const { size, fields } = video;
  const filename = storable(video.filename);
  const { title, description = "", tags = [], metadata = {} } = fields;
  const search = videoSearchText({ title, filename, description, tags });
  const columns = columnsOf(fields);
  const names = columns.map(([column]) => sql.identifier(column));
  const values = columns.map(([, value]) => value);
  const statement = sql`
    WITH ${reserves(ownerId, { bytes: size, quota, maxOpen: OPEN_UPLOADS, holds })}, made AS (
      INSERT INTO videos (id, owner_id, origin, filename, search_text, size, part_size, ticket_expires_at, traceparent, profile, metadata,
        ${sql.join(names, sql`, `)})
      SELECT ${video.id}, space.id, ${origin}, ${filename}, ${search}, ${size}::bigint, ${video.partSize}::bigint,
        now() + ${TICKET_HOURS}::int * interval '1 hour', ${traceparent}, ${json(video.profile)}, ${json(metadata)}, ${sql.join(values, sql`, `)}
      FROM space
      RETURNING id, owner_id, seq, ticket_expires_at
    ), ${recorded("video.created", "made")}, parts AS (
      INSERT INTO part_uploads (video_id) SELECT id FROM made WHERE ${video.inObjects}::boolean
    ), ${beside}
    SELECT ${iso(sql`ticket_expires_at`)} AS "expiresAt" FROM made`;
  const [made] = await unlessTaken(
    lock ? queryLocked(db, lock, statement, madeRow) : query(db, statement, madeRow),
  );
  if (made) return made.expiresAt;
  const refused = await refusal?.();
  if (refused) throw refused;
  const why = sql`SELECT open_tickets AS open, used_bytes + reserved_bytes AS taken FROM users
    WHERE id = ${ownerId} AND deleted_at IS NULL`;
  const [account] = await query(db, why, quotaRow);
  if (!account) throw problem("auth.token_invalid");
  throw problem(account.open >= OPEN_UPLOADS ? "upload.too_many_open" : "upload.quota_exceeded");
}
