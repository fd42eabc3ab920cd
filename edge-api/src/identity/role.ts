/** Who is an administrator, asked of the database: tokens do not say it. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { isAdmin } from "../db/scope.ts";

const flagRow = z.object({ admin: z.boolean() });

/** Whether the user is an administrator now. */
export async function readIsAdmin(db: Db, userId: string): Promise<boolean> {
  const [row] = await query(db, sql`SELECT ${isAdmin(userId)} AS admin`, flagRow);
  return row?.admin ?? false;
}
