/** Who may call a route: what its `security` says, as OpenAPI says it, and the one reading of it. */

/**
 * The kinds of access. A bearer's list holds the roles that the call needs (OpenAPI 3.1, Security Requirement Object):
 * `owner` is whoever may see the video in the path, its owner or an administrator.
 */
export const SECURITY = {
  anybody: [],
  user: [{ bearer: [] }],
  owner: [{ bearer: ["owner"] }],
  admin: [{ bearer: ["admin"] }],
  /** The refresh cookie; the second where the call does something without it too. */
  cookie: [{ refreshCookie: [] }],
  cookieIfAny: [{ refreshCookie: [] }, {}],
  worker: [{ worker: [] }],
  playback: [{ playbackToken: [] }],
} satisfies Record<string, Record<string, string[]>[]>;

export type Access = keyof typeof SECURITY;
type Requirements = readonly Readonly<Record<string, readonly string[]>>[];

/** What a route object must declare; `publicRoutes` and its like are checked against it. */
export type Declared = {
  method: string;
  path: string;
  security: Requirements;
};

const NAMES = Object.keys(SECURITY) as Access[];
const BY_TEXT = new Map(NAMES.map((name) => [JSON.stringify(SECURITY[name]), name]));

/** The access that a route declares. Throws where it declares none, or one that no guard knows. */
export function accessOf(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
}): Access {
  const access = route.security && BY_TEXT.get(JSON.stringify(route.security));
  if (!access) throw new Error(`${route.method} ${route.path} declares no security that a guard knows`);
  return access;
}
