/** Limits how many tickets an account may create: even one aborted at once leaves a row for ten minutes. */
import type { Db } from "../db/connect.ts";
import { countInWindow } from "../db/count.ts";
import { problem } from "../problem/problem.ts";

/** Per 15 minutes: twenty times as many as may be open at once. The sweep purges faster than that. */
export const MAX_TICKETS = 2_000;

/** Counts one ticket of the account. Throws `upload.too_often`. */
export async function countTicket(db: Db, ownerId: string): Promise<void> {
  const { count, left } = await countInWindow(db, `tickets:${ownerId}`);
  if (count > MAX_TICKETS) throw problem("upload.too_often", { retryAfter: left });
}
