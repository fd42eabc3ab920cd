/** Conditional edits: `If-Match` names the revision that the client has read (RFC 9110, section 13.1.1). */
import { type SQL, sql } from "drizzle-orm";

/** Allowed revisions of a video; undefined allows any. */
export type Revisions = readonly number[] | undefined;

/**
 * The revisions that an `If-Match` header names. A tag must begin with a revision. Weak and longer tags count
 * too, because a response's tag may contain more than the revision. Undefined without a header and for `*`;
 * empty if no tag names a possible revision.
 */
export function readIfMatch(header: string | undefined): Revisions {
  if (header === undefined || header.trim() === "*") return undefined;
  return [...header.matchAll(/"([^"]*)"/g)].flatMap(([, tag]) => {
    const revision = /^\d{1,9}(?!\d)/.exec(tag ?? "")?.[0];
    return revision === undefined ? [] : [Number(revision)];
  });
}

/** The condition that the row of `videos` is at one of the revisions. */
export function isOf(revisions: Revisions): SQL {
  if (!revisions) return sql`true`;
  return revisions.length === 0 ? sql`false` : sql`videos.revision IN ${[...revisions]}`;
}
