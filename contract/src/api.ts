/** The API's type for typed clients (`hc<Api>`), made of the route objects alone: nobody imports edge-api for it. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { publicRoutes } from "./routes/public.ts";

declare const base: OpenAPIHono;
type Routes = typeof publicRoutes;
/** A union stands for all of a tuple's members: so no route can be forgotten here. */
type AnyOf = { [K in keyof Routes]: { route: Routes[K]; handler: never } }[keyof Routes];

export type Api = ReturnType<typeof base.openapiRoutes<readonly [AnyOf]>>;
