/** What administrators see of all videos. */
import { createRoute } from "@hono/zod-openapi";
import { adminVideoPageSchema } from "../video.ts";
import { adminVideoListQuerySchema } from "../video-lists.ts";
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
    request: { query: adminVideoListQuerySchema },
    responses: {
      200: json(adminVideoPageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
} as const satisfies Record<string, Declared>;
