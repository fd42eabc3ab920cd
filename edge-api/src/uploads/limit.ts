/** Limits how many tickets an account or a link may create: even one aborted at once leaves a row for ten minutes. */
import type { Db } from "../db/connect.ts";
import { countInWindow } from "../db/count.ts";
import { problem } from "../problem/problem.ts";

/** Per 15 minutes: twenty times as many as may be open at once. The sweep purges faster than that. */
export const MAX_TICKETS = 2_000;

/** Of one upload link, counted by itself: whoever has it does not stop its owner. */
export const MAX_LINK_TICKETS = 200;

/** Counts one ticket of the account, or of the link by which somebody without an account asks for it. Throws `upload.too_often`. */
export async function countTicket(db: Db, by: { ownerId: string } | { linkId: string }): Promise<void> {
  const [subject, max] = "linkId" in by ? [`link:${by.linkId}`, MAX_LINK_TICKETS] : [by.ownerId, MAX_TICKETS];
  const { count, left } = await countInWindow(db, `tickets:${subject}`);
  if (count > max) throw problem("upload.too_often", { retryAfter: left });
}
