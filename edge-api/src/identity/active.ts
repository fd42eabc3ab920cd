/** SQL conditions on accounts: which may act, and which administrators remain. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";

/** The condition on `users AS u` that its credentials are accepted. */
export const isActive: SQL = sql`(u.deleted_at IS NULL AND u.disabled_at IS NULL)`;

/**
 * The CTE `admins`, which locks all administrators in order of id. Every statement that takes an administrator
 * away starts with it: of two that run at once, the second sees the result of the first.
 */
export const lockAdmins: SQL = sql`admins AS (
    SELECT id, disabled_at IS NULL AND password_hash <> '' AS active FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE
  )`;

/** The condition on `users`, beside `lockAdmins`, that another administrator remains who can sign in. */
export const anotherAdmin: SQL = sql`EXISTS (SELECT 1 FROM admins WHERE admins.active AND admins.id <> users.id)`;

/** Whether `userId` is an administrator beside whom no other can sign in; explains a refusal. */
export async function isLastAdmin(db: Db, userId: string): Promise<boolean> {
  const statement = sql`SELECT id FROM users WHERE id = ${userId} AND role = 'admin' AND NOT EXISTS (
    SELECT 1 FROM users AS u WHERE u.role = 'admin' AND u.password_hash <> '' AND ${isActive} AND u.id <> users.id)`;
  return (await query(db, statement, z.object({ id: z.string() }))).length > 0;
}
