/** Begins an upload by a link: within its limits, and with what it says of its videos. */
import type { LinkedTicket, Ticket, TicketRequest } from "@storagex/contract/uploads/upload";
import {
  linkedTicketRequestSchema,
  MAX_OPEN_OF_LINK,
  type ShownUploadLink,
} from "@storagex/contract/uploads/upload-links";
import { type SQL, sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { lockAccount } from "../db/lock.ts";
import { ownedBy } from "../db/scope.ts";
import { type Problem, problem, refuseInvalid } from "../problem/problem.ts";
import { requireSharing } from "../sharing/allowed.ts";
import { openTicket, ticketAgain } from "../uploads/ticket.ts";
import { withoutOwner } from "../videos/view.ts";
import { type Link, readLink } from "./enter.ts";
import { writeVideoToken } from "./token.ts";
import { stateOf } from "./uses.ts";

/**
 * The ticket of an upload by the link. Throws `upload_link.expired`, `upload_link.used_up` (also while as many are on
 * their way as are possible at a time), `auth.token_invalid` once it is revoked, and what every ticket throws.
 */
export async function openByLink(
  edge: Edge,
  token: string,
  link: Link,
  body: TicketRequest,
): Promise<LinkedTicket> {
  const parsed = linkedTicketRequestSchema.safeParse(body);
  refuseInvalid(parsed);
  if (!parsed.data) throw problem("request.invalid");
  const { size, title, ...file } = parsed.data;
  const refused = refusalOf(link);
  if (refused) throw refused;
  if (link.maxBytes !== null && size > link.maxBytes)
    throw problem("request.invalid", {
      errors: [{ path: "size", message: `must be at most ${link.maxBytes} bytes` }],
    });
  const request: TicketRequest = {
    ...{ ...file, size, tags: link.tags, metadata: link.metadata },
    title: link.title ?? title,
    externalId: link.externalId ?? undefined,
    profile: link.profile ?? undefined,
  };
  const account = { id: link.ownerId, profile: link.preferred };
  const ticket = await openTicket(edge, account, request, {
    ...{ origin: "link", linkId: link.id },
    ...takenFrom(link),
    refusal: async () => {
      const now = await readLink(edge, token);
      return now ? refusalOf(now) : problem("auth.token_invalid");
    },
  });
  return shown(edge, ticket);
}

/** The same ticket again, see `ticketAgain`; its token is signed afresh. */
export async function linkTicketAgain(
  edge: Edge,
  { ownerId }: Link,
  id: string,
  expiresAt: string,
): Promise<LinkedTicket> {
  return shown(edge, await ticketAgain(edge, ownedBy(ownerId), id, expiresAt));
}

async function shown({ config }: Edge, { video, upload }: Ticket): Promise<LinkedTicket> {
  const token = await writeVideoToken(config, video.id, upload.expiresAt);
  return { video: withoutOwner(video), upload, token };
}

/**
 * The owner's account is locked first, by a statement of its own: the next one then sees every upload that was begun
 * before. Of two at once for the last use, the second is refused. The account and not the link, because deleting an account
 * locks it before its links.
 */
const takenFrom = ({ id, ownerId }: Link): { lock: SQL; holds: SQL; beside: SQL } => ({
  lock: lockAccount(ownerId),
  holds: sql`EXISTS (SELECT 1 FROM upload_links WHERE id = ${id} AND ${stateOf} = 'open')`,
  beside: sql`counted AS (INSERT INTO link_uploads (video_id, link_id) SELECT id, ${id} FROM made)`,
});

/** Why the link takes no upload now; undefined if it does. */
function refusalOf({ state }: Pick<Link, "state">): Problem | undefined {
  switch (state) {
    case "open":
      return undefined;
    case "busy":
      return problem("upload_link.used_up", {
        detail: `The link allows only ${MAX_OPEN_OF_LINK} uploads at a time. Try again when one of them has ended.`,
      });
    case "used_up":
      return problem("upload_link.used_up");
    case "expired":
      return problem("upload_link.expired");
    case "revoked":
      return problem("auth.token_invalid");
  }
}

/** What the page of a link shows. Throws `sharing.not_allowed`, `upload_link.not_found`. */
export async function showLink(edge: Edge, token: string): Promise<ShownUploadLink> {
  requireSharing(edge.config, "link");
  const link = await readLink(edge, token);
  if (!link) throw problem("upload_link.not_found");
  const { state, expiresAt, maxUploads, used, maxBytes, title } = link;
  const limit = edge.config.STORAGEX_MAX_UPLOAD_BYTES;
  return {
    ...{ state, expiresAt, title },
    uploadsLeft: Math.max(0, maxUploads - used),
    maxBytes: Math.min(limit, maxBytes ?? limit),
  };
}
