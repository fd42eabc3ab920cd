/** Conditional edits: `If-Match` names the revision of the video that was read (RFC 9110, section 13.1.1). */
import { type SQL, sql } from "drizzle-orm";

/** Revisions of which a video may be; undefined where any will do. */
export type Revisions = readonly number[] | undefined;

/**
 * What an `If-Match` header names: tags that begin with a revision, weak ones and longer ones too, as answers may carry
 * more in their tag than the revision. Undefined without one and for `*`; empty where it names none that a video can have.
 */
export function readIfMatch(header: string | undefined): Revisions {
  if (header === undefined || header.trim() === "*") return undefined;
  return [...header.matchAll(/"([^"]*)"/g)].flatMap(([, tag]) => {
    const revision = /^\d{1,9}(?!\d)/.exec(tag ?? "")?.[0];
    return revision === undefined ? [] : [Number(revision)];
  });
}

/** The condition that the row of `videos` is of one of them. */
export function isOf(revisions: Revisions): SQL {
  if (!revisions) return sql`true`;
  return revisions.length === 0 ? sql`false` : sql`videos.revision IN ${[...revisions]}`;
}
