/** What an account stores, encodes and plays by day; for administrators, what each account does. */
import { createRoute } from "@hono/zod-openapi";
import {
  accountUsagePageSchema,
  adminUsageQuerySchema,
  usageQuerySchema,
  usageSchema,
} from "../accounts/usage.ts";
import { type Declared, orByKey, SECURITY } from "./access.ts";
import { ADMIN, BY_KEY, json, problems } from "./shared.ts";

export const usageRoutes = {
  usage: createRoute({
    method: "get",
    path: "/v1/usage",
    operationId: "usage",
    tags: ["Accounts"],
    security: orByKey(SECURITY.user, "playback:read"),
    summary: "What one's account stored, encoded and played, by day",
    description: "The last 30 days (of UTC) if the call names none; at most 366.",
    request: { query: usageQuerySchema },
    responses: {
      200: json(usageSchema, "Every day, the first one first"),
      ...problems("request.invalid", ...BY_KEY),
    },
  }),
  adminUsage: createRoute({
    method: "get",
    path: "/v1/admin/usage",
    operationId: "adminUsage",
    tags: ["Administration"],
    security: orByKey(SECURITY.admin, "admin"),
    summary: "What each account stored, encoded and played, by day; the newest account first",
    description: "The last 30 days (of UTC) if the call names none; at most 93.",
    request: { query: adminUsageQuerySchema },
    responses: { 200: json(accountUsagePageSchema, "A page"), ...problems("request.invalid", ...ADMIN) },
  }),
} as const satisfies Record<string, Declared>;
