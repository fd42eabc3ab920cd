/** Who watched a video, for its owner. */
import { createRoute } from "@hono/zod-openapi";
import { audienceQuerySchema, audienceSchema } from "../audience.ts";
import { type Declared, orByKey, SECURITY } from "./access.ts";
import { idParams, json, OWN, problems } from "./shared.ts";

export const audienceRoutes = {
  audience: createRoute({
    method: "get",
    path: "/v1/videos/{id}/audience",
    operationId: "audience",
    tags: ["Videos"],
    security: orByKey(SECURITY.owner, "playback:read"),
    summary: "Who watched a video: views, the curve of what was watched, places and devices",
    description:
      "The last 30 days (of UTC) if the call names none; at most 366. What players report appears within half a minute.",
    request: { params: idParams, query: audienceQuerySchema },
    responses: {
      200: json(audienceSchema, "All days together, and each"),
      ...problems(...OWN, "request.invalid"),
    },
  }),
} as const satisfies Record<string, Declared>;
