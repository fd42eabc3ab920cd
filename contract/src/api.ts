/**
 * The API's type for typed clients (`hc<Api>`), built from the route objects alone, so nobody imports
 * edge-api for it.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { publicRoutes } from "./routes/public.ts";

declare const base: OpenAPIHono;
type Routes = typeof publicRoutes;
/** A union covers every member of a tuple, so no route can be left out here. */
type AnyOf = { [K in keyof Routes]: { route: Routes[K]; handler: never } }[keyof Routes];

export type Api = ReturnType<typeof base.openapiRoutes<readonly [AnyOf]>>;
