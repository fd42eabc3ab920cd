/** The guards before the doors: who is calling, and whether an admin is. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { readAccessToken } from "../identity/access-token.ts";
import { readIsAdmin } from "../identity/role.ts";
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

/** Behind `requireUser`: lets only admins through, by the role in the database now. */
export const requireAdmin = createMiddleware<AppEnv>(async (c, next) => {
  if (!(await readIsAdmin(c.get("db"), c.get("user").userId))) throw problem("auth.forbidden");
  await next();
});
