/** Keys by which programs call the API for the account that made them. */
import { z } from "@hono/zod-openapi";
import { SCOPES } from "./scopes.ts";

export const scopeSchema = z.enum(SCOPES).openapi("Scope");

/** Secret scanners know keys by it. */
export const API_KEY_PREFIX = "sxk_";
/** Per account. */
export const MAX_API_KEYS = 100;
const MIN_SECONDS = 60;
const TEN_YEARS = 10 * 366 * 86_400;

export const apiKeyRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).openapi({ example: "Nightly import" }),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .max(SCOPES.length)
      .openapi({ example: ["videos:read", "videos:write"] }),
    expiresIn: z
      .number()
      .int()
      .min(MIN_SECONDS)
      .max(TEN_YEARS)
      .optional()
      .openapi({ description: "Seconds; left out, the key has no end", example: 7_776_000 }),
  })
  .openapi("ApiKeyRequest");
export type ApiKeyRequest = z.infer<typeof apiKeyRequestSchema>;

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().openapi({ description: "The end of the secret, to tell keys apart", example: "…x7Qa" }),
    scopes: z.array(scopeSchema),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().openapi({ description: "To the minute" }),
    expiresAt: z.iso.datetime().nullable(),
  })
  .openapi("ApiKey");
export type ApiKey = z.infer<typeof apiKeySchema>;

export const madeApiKeySchema = z
  .object({
    key: apiKeySchema,
    secret: z.string().openapi({ description: "Shown this once: only its hash is kept" }),
  })
  .openapi("MadeApiKey");
export type MadeApiKey = z.infer<typeof madeApiKeySchema>;
export const apiKeyListSchema = z.object({ items: z.array(apiKeySchema) }).openapi("ApiKeyList");
