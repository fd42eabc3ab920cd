/**
 * Stands for `@hono/zod-openapi` in the browser's build (vite.config.ts): contract's schemas without the
 * generator of the OpenAPI document, and without the parts of zod that they do not use.
 */
import * as z from "zod";

Object.assign(z.ZodType.prototype, {
  /** Only the server's document reads what a schema says of itself. */
  openapi(this: z.ZodType) {
    return this;
  },
});

// biome-ignore lint/performance/noBarrelFile: it stands for a package that exports `z`.
export * as z from "zod";
