/** What administrators see of all accounts together: their videos, and who did what. */
import { createRoute } from "@hono/zod-openapi";
import { auditPageSchema, auditQuerySchema } from "../accounts/audit-log.ts";
import { adminVideoPageSchema } from "../videos/video.ts";
import { adminVideoListQuerySchema } from "../videos/video-lists.ts";
import { type Declared, orByKey, SECURITY } from "./access.ts";
import { ADMIN, json, problems } from "./shared.ts";

export const adminRoutes = {
  adminVideos: createRoute({
    method: "get",
    path: "/v1/admin/videos",
    operationId: "adminVideos",
    tags: ["Administration"],
    security: orByKey(SECURITY.admin, "admin"),
    summary: "Everybody's videos",
    description: "Filters and orders are those of one's own list; `owner` is an account's id.",
    request: { query: adminVideoListQuerySchema },
    responses: {
      200: json(adminVideoPageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
  adminAudit: createRoute({
    method: "get",
    path: "/v1/admin/audit",
    operationId: "adminAudit",
    tags: ["Administration"],
    security: orByKey(SECURITY.admin, "admin"),
    summary:
      "Who did what to whom, when and from where: privileged acts and changes of credentials, the last first",
    description: "Entries are kept for a year.",
    request: { query: auditQuerySchema },
    responses: {
      200: json(auditPageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
} as const satisfies Record<string, Declared>;
