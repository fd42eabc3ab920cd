/** Making, listing and revoking API keys: for a signed-in person only. */
import { createRoute, z } from "@hono/zod-openapi";
import { apiKeyListSchema, apiKeyRequestSchema, madeApiKeySchema } from "../accounts/api-keys.ts";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import { audits, type Declared, SECURITY } from "./access.ts";
import { BODY, json, jsonBody, MAX_BODY, problems, SIGNED_IN, shownOnce } from "./shared.ts";

const shared = { tags: ["API keys"], security: SECURITY.user };

export const apiKeyRoutes = {
  createKey: createRoute({
    ...shared,
    method: "post",
    path: "/v1/keys",
    operationId: "createKey",
    ...audits("api_key.created"),
    summary: "Make a key by which a program calls the API; its secret is shown this once",
    description:
      "It acts for the account that makes it, as far as its scopes allow; writing does not include reading. Keep the secret: only its end is shown later.",
    ...BY_IDEMPOTENCY_KEY,
    request: { body: jsonBody(apiKeyRequestSchema, MAX_BODY.small) },
    responses: {
      201: json(shownOnce(madeApiKeySchema, "secret"), "The key and its secret"),
      ...problems(...BODY, ...SIGNED_IN, ...IDEMPOTENT, "auth.forbidden", "api_key.too_many"),
    },
  }),
  listKeys: createRoute({
    ...shared,
    method: "get",
    path: "/v1/keys",
    operationId: "listKeys",
    summary: "The keys of the account, newest first; at most 100",
    description: "With the end of each secret, its scopes, and when it was last used, to the minute.",
    responses: { 200: json(apiKeyListSchema, "The keys"), ...problems(...SIGNED_IN) },
  }),
  deleteKey: createRoute({
    ...shared,
    method: "delete",
    path: "/v1/keys/{id}",
    operationId: "deleteKey",
    ...audits("api_key.deleted"),
    summary: "Revoke a key: the next call by it is refused, its live streams end within 5 s",
    description: "It cannot be undone. What was made by the key stays.",
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: "Gone" }, ...problems(...SIGNED_IN, "api_key.not_found") },
  }),
} as const satisfies Record<string, Declared>;
