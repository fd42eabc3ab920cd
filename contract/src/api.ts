/** The API's type for typed clients (`hc<Api>`), made of the route objects alone: nobody imports edge-api for it. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { publicRoutes } from "./routes/public.ts";

declare const base: OpenAPIHono;
type Each<M> = { [K in keyof M]: { route: M[K]; handler: never } };
type P = Each<typeof publicRoutes>;

export type Api = ReturnType<
  typeof base.openapiRoutes<
    readonly [
      P["register"],
      P["login"],
      P["refresh"],
      P["logout"],
      P["setup"],
      P["me"],
      P["changePassword"],
      P["deleteMe"],
      P["createVideo"],
      P["partUrls"],
      P["storedParts"],
      P["completeUpload"],
      P["abortUpload"],
      P["listVideos"],
      P["getVideo"],
      P["updateVideo"],
      P["deleteVideo"],
      P["retryVideo"],
      P["playback"],
      P["statistics"],
      P["addCaptions"],
      P["deleteCaptions"],
      P["adminVideos"],
      P["adminUsers"],
      P["adminDeleteUser"],
    ]
  >
>;
