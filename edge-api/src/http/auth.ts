/** The guards before the doors: who is calling, and whether an admin is. */
import { sql } from "drizzle-orm";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import type { AppEnv } from "../app-env.ts";
import { query } from "../db/connect.ts";
import { isAdmin } from "../db/scope.ts";
import { readAccessToken } from "../identity/access-token.ts";
import { problem } from "./problem.ts";

/** Sets `user` from `Authorization: Bearer`; refuses with `auth.required` or `auth.token_invalid`. */
export const requireUser = createMiddleware<AppEnv>(async (c, next) => {
  const header = c.req.header("authorization");
  if (!header) throw problem("auth.required");
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  const caller = token && token.length < 4_096 ? await readAccessToken(c.get("config"), token) : undefined;
  if (!caller) throw problem("auth.token_invalid");
  c.set("user", caller);
  await next();
});

const flagRow = z.object({ admin: z.boolean() });

/** Behind `requireUser`: lets only admins through, by the role in the database now. */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  const statement = sql`SELECT ${isAdmin(c.get("user").userId)} AS admin`;
  const [row] = await query(c.get("db"), statement, flagRow);
  if (!row?.admin) throw problem("auth.forbidden");
  await next();
});
