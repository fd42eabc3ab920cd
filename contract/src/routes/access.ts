/**
 * What a route declares besides its body: who may call it, which act the audit log records, and the kind of
 * its responses.
 */

import { AUDIT_ACTIONS, type AuditAction } from "../accounts/audit.ts";
import { SCOPES, type Scope } from "../accounts/scopes.ts";

/**
 * The kinds of access. A bearer's list holds the roles that the call needs (OpenAPI 3.1, Security Requirement
 * Object). `owner` is anyone who may see the video in the path: its owner or an administrator.
 */
export const SECURITY = {
  anybody: [],
  user: [{ bearer: [] }],
  owner: [{ bearer: ["owner"] }],
  /** The same for a video whose deletion can still be undone. */
  restorer: [{ bearer: ["owner", "deleted"] }],
  admin: [{ bearer: ["admin"] }],
  /** The refresh cookie; `cookieIfAny` where the call also does something without it. */
  cookie: [{ refreshCookie: [] }],
  cookieIfAny: [{ refreshCookie: [] }, {}],
  worker: [{ worker: [] }],
  /** The service that sends webhooks: no worker may read them. */
  sender: [{ worker: ["webhooks"] }],
  /** The service that fetches imports: nobody else gets their addresses. */
  importer: [{ worker: ["imports"] }],
  playback: [{ playbackToken: [] }],
  /** What a player says of itself: the token must be ours; whether its grant stands is asked where it is counted. */
  beat: [{ playbackToken: ["beat"] }],
} satisfies Record<string, Record<string, string[]>[]>;

export type Access = keyof typeof SECURITY;
type Requirements = readonly Readonly<Record<string, readonly string[]>>[];

/** What a route object must declare; `publicRoutes` and the other lists are checked against it. */
export type Declared = {
  method: string;
  path: string;
  security: Requirements;
};

const NAMES = Object.keys(SECURITY) as Access[];
const BY_TEXT = new Map(NAMES.map((name) => [JSON.stringify(SECURITY[name]), name]));

/** The same access for an API key that has `scope`; without one, for any key. */
export const orByKey = (security: Record<string, string[]>[], scope?: Scope): Record<string, string[]>[] => [
  ...security,
  { apiKey: scope ? [scope] : [] },
];

/** The same access for an upload link, or for the token of the one video in the path. */
export const orByUploadLink = (security: Record<string, string[]>[]) => [...security, { uploadLink: [] }];
export const orByVideoToken = (security: Record<string, string[]>[]) => [...security, { videoToken: [] }];

/** Whether a requirement is that of an API key. */
const isKeys = (requirement: Requirements[number]) => "apiKey" in requirement;
/** The requirements of upload links and of the tokens of their videos. */
const LINK_TOKENS = ["uploadLink", "videoToken"] as const;
export type LinkToken = (typeof LINK_TOKENS)[number];
const isLinks = (requirement: Requirements[number]) => LINK_TOKENS.some((name) => name in requirement);

/**
 * What an API key needs on a route: a scope, `any` for every key, or undefined where only people may call it.
 * Throws for a scope that is not known.
 */
export function scopeOf(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
}): Scope | "any" | undefined {
  const declared = route.security?.find(isKeys)?.apiKey;
  if (!declared) return undefined;
  const [name] = declared;
  if (name === undefined) return "any";
  const scope = SCOPES.find((known) => known === name);
  if (!scope || declared.length > 1)
    throw new Error(`${route.method} ${route.path} declares a scope that is not known`);
  return scope;
}

/**
 * Which token of an upload link a route takes; undefined where it takes none. Throws where it takes both, or the
 * token of a video without naming one.
 */
export function linkTokenOf(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
}): LinkToken | undefined {
  const declared = route.security?.filter(isLinks) ?? [];
  const [token] = LINK_TOKENS.filter((name) => declared[0]?.[name]?.length === 0);
  if (declared.length === 0) return undefined;
  const needed = token === "videoToken" ? "owner" : "user";
  if (declared.length > 1 || !token || accessOf(route) !== needed)
    throw new Error(`${route.method} ${route.path} declares a token of upload links that no guard knows`);
  return token;
}

/** The access that a route declares. Throws where it declares none, or one that no guard knows. */
export function accessOf(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
}): Access {
  const declared = route.security?.filter((requirement) => !isKeys(requirement) && !isLinks(requirement));
  // What keys and links may call, people may, too: no route is for them alone, least of all open to anybody.
  const isKnown = declared?.length !== 0 || route.security?.length === 0;
  const access = isKnown ? BY_TEXT.get(JSON.stringify(declared)) : undefined;
  if (!access) throw new Error(`${route.method} ${route.path} declares no security that a guard knows`);
  return access;
}

/**
 * The extension by which a route declares the act that is written to the audit table; the OpenAPI document
 * shows it too.
 */
const AUDIT = "x-audit";

/** For a route that changes a credential or what may belong to somebody else. */
export const audits = <A extends AuditAction>(action: A) => ({ [AUDIT]: action }) as const;
/** For a route that changes nothing, whatever its method suggests. */
export const ACTS_ON_NOTHING = { [AUDIT]: "none" } as const;

/**
 * The act that a route declares, or undefined. Throws where a privileged route declares none: anyone who can
 * reach somebody else's video through it may change it, and that must be audited.
 */
export function auditOf(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
  [AUDIT]?: string;
}): AuditAction | undefined {
  const declared = route[AUDIT];
  const action = AUDIT_ACTIONS.find((known) => known === declared);
  if (action || declared === ACTS_ON_NOTHING[AUDIT] || route.method === "get") return action;
  const isPrivileged = ["owner", "restorer", "admin"].includes(accessOf(route));
  if (declared !== undefined || isPrivileged)
    throw new Error(`${route.method} ${route.path} declares no act that is known to the audit`);
  return undefined;
}

/** The extension by which a route declares that nobody needs to be woken after it. */
const WAKES = "x-wakes";

/**
 * For a route that services call again and again, and that seldom changes what anybody is told of: after it neither
 * live streams nor webhooks are looked for. Where it does change something, its act wakes them, or their next
 * regular look finds it.
 */
export const WAKES_NOBODY = { [WAKES]: "nobody" } as const;

/** Whether live streams and webhooks are looked for after the route. Throws for a declaration that is not known. */
export function wakesOthers(route: { method: string; path: string; [WAKES]?: string }): boolean {
  const declared = route[WAKES];
  if (declared !== undefined && declared !== WAKES_NOBODY[WAKES])
    throw new Error(`${route.method} ${route.path} declares to wake somebody that is not known`);
  return declared === undefined && route.method !== "get";
}

/** The extension by which a route declares that its handler does not wait for its guard. */
const GUARD = "x-guard";

/**
 * For a frequent read that needs only the caller's id: its statement travels together with the guard's, and its
 * response is dropped where the guard refuses the caller. The handler checks by itself what the caller may see.
 */
export const BESIDE_ITS_GUARD = { [GUARD]: "beside" } as const;

/**
 * Whether the handler runs beside the guard. Throws for a declaration that is not known, where the route may write (a
 * caller that is refused would have written), and where more than the caller's id decides who may call.
 */
export function runsBeside(route: {
  method: string;
  path: string;
  security?: Requirements | undefined;
  [GUARD]?: string;
}): boolean {
  const declared = route[GUARD];
  if (declared === undefined) return false;
  const isRead = route.method === "get" && ["user", "owner"].includes(accessOf(route));
  if (declared !== BESIDE_ITS_GUARD[GUARD] || !isRead)
    throw new Error(`${route.method} ${route.path} may not run beside its guard`);
  return true;
}

/** The extension by which a route declares the kind of its responses. */
const ANSWERS = "x-answers";
/**
 * Kinds of responses, each with its own headers. `api`: for the dashboard and for programs. `media`: for
 * players on any page. `open`: of a public video, for scripts on any page. `shared`: of a share, for scripts
 * on the pages that its owner allows. The default is `api`, the narrowest.
 */
export const ANSWER_KINDS = ["api", "media", "open", "shared"] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];
export const ANSWERS_MEDIA = { [ANSWERS]: "media" } as const;
export const ANSWERS_OPEN = { [ANSWERS]: "open" } as const;
export const ANSWERS_SHARED = { [ANSWERS]: "shared" } as const;

/** The kind that a route declares. Throws for an unknown one. */
export function answerKindOf(route: { method: string; path: string; [ANSWERS]?: string }): AnswerKind {
  const declared = route[ANSWERS] ?? "api";
  const kind = ANSWER_KINDS.find((known) => known === declared);
  if (!kind) throw new Error(`${route.method} ${route.path} declares answers of a kind that is not known`);
  return kind;
}
