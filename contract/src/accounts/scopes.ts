/** Scopes of API keys, without the schemas: pages show them. */

/**
 * What a key may do. Writing does not include reading. `admin` is for what administrators do to other accounts;
 * without it an administrator's key is of its own account only.
 */
export const SCOPES = [
  "videos:read",
  "videos:write",
  "playback:read",
  "shares:write",
  "webhooks:write",
  "admin",
] as const;
export type Scope = (typeof SCOPES)[number];
