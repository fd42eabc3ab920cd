/** Limits how many caption files an account may submit: each costs CPU time, even one that is refused. */
import type { Db } from "../db/connect.ts";
import { countInWindow } from "../db/count.ts";
import { problem } from "../problem/problem.ts";

/** Per 15 minutes: ten videos with all their tracks. */
const MAX_FILES = 200;

/** Counts one file of the account. Throws `captions.too_often`. */
export async function countFile(db: Db, ownerId: string): Promise<void> {
  const { count, left } = await countInWindow(db, `captions:${ownerId}`);
  if (count > MAX_FILES) throw problem("captions.too_often", { retryAfter: left });
}
