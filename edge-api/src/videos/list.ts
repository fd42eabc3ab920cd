/** Lists of videos: filters, orders, pages by cursor; and the tags of an account. */
import type { VideoFilters, VideoSort } from "@storagex/contract/video-lists";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query, readRows } from "../db/connect.ts";
import { type Cursor, isAfter, readCursor, writeCursor } from "../db/cursor.ts";
import { DESCENDING, NEWEST, OLDEST, type Order, orderBy } from "../db/order.ts";
import { everybodys, ownedBy } from "../db/scope.ts";
import { findInOrder, textMatches } from "../db/search.ts";
import { searchPatterns } from "../db/search-text.ts";
import { json } from "../db/text.ts";
import { cleanTags } from "./fields.ts";
import { listColumns, type ShownRow, select } from "./read.ts";

const ORDERS: Readonly<Record<VideoSort, Order>> = {
  newest: NEWEST,
  oldest: OLDEST,
  title: {
    // Folded (`sortKeyOf`), by code point: every database sorts alike.
    key: sql`title_key COLLATE "C"`,
    direction: sql`ASC`,
    comparison: sql`>`,
    toText: (key) => key,
    fromText: (text) => sql`${text}::text`,
    text: /^[^\0]{0,1000}$/su,
  },
  longest: {
    key: sql`coalesce(duration, -1)`,
    ...DESCENDING,
    toText: (key) => sql`${key}::text`,
    fromText: (text) => sql`${text}::float8`,
    text: /^-?\d{1,9}(\.\d{1,20})?$/,
  },
  largest: {
    key: sql`size`,
    ...DESCENDING,
    toText: (key) => sql`${key}::text`,
    fromText: (text) => sql`${text}::bigint`,
    text: /^\d{1,18}$/,
  },
};

export type Listing = VideoFilters & { limit: number; cursor?: string | undefined };
export type Page = { rows: ShownRow[]; nextCursor: string | null };

/** A page of an account's own videos. Throws `request.invalid` for a cursor of another list. */
export const listOwn = (db: Db, ownerId: string, listing: Listing): Promise<Page> =>
  listVideos(db, ownedBy(ownerId), "videos", { ...listing, owner: ownerId });

/** The same of everybody's videos, or of one `owner`'s, for routes behind the admin guard. */
export const listAll = (db: Db, listing: Listing & { owner?: string | undefined }): Promise<Page> =>
  listVideos(db, everybodys(), "admin videos", listing);

async function listVideos(
  db: Db,
  scope: SQL,
  name: string,
  { limit, cursor, ...filters }: Listing & { owner?: string | undefined },
): Promise<Page> {
  const { sort = "newest", owner } = filters;
  const order = ORDERS[sort];
  const list = { name, ...filters, sort };
  const after = cursor === undefined ? undefined : await readCursor(cursor, list, order);
  const conditions = [scope, ...(owner === undefined ? [] : [sql`videos.owner_id = ${owner}`])];
  const split = filter(filters, order);
  conditions.push(...split.conditions);
  const found = await (split.matches.length === 0
    ? readPage(db, order, conditions, after, limit + 1)
    : search(db, order, { ...split, conditions, after, limit: limit + 1 }));
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last ? await writeCursor({ at: last.cursorAt, id: last.id }, list) : null };
}

const one = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));
/** Milliseconds: the precision of the times that the API shows. */
const instant = (text: string, plus = 0): SQL =>
  sql`(timestamptz 'epoch' + ${Date.parse(text) + plus}::bigint * interval '1 millisecond')`;

/**
 * What the filters ask for: conditions that the order's own index holds, others to match row by row, and by
 * which other index rare matches are found.
 */
function filter(
  {
    status,
    tag,
    visibility,
    createdAfter,
    createdBefore,
    q = "",
    owner,
  }: VideoFilters & { owner?: string | undefined },
  order: Order,
): { conditions: SQL[]; matches: SQL[]; indexed: SQL[] } {
  const isByTime = order === NEWEST || order === OLDEST;
  const conditions: SQL[] = [];
  const matches = textMatches(searchPatterns(q));
  const indexed: SQL[] = [];
  const statuses = [...new Set(one(status))];
  if (statuses.length > 0)
    (isByTime && statuses.length === 1 ? conditions : matches).push(sql`videos.status IN ${statuses}`);
  const times = isByTime ? conditions : matches;
  if (createdAfter !== undefined) times.push(sql`videos.created_at >= ${instant(createdAfter)}`);
  if (createdBefore !== undefined) times.push(sql`videos.created_at < ${instant(createdBefore, 1)}`);
  // The value as text in the statement: a parameter would hide from the planner that the partial index fits.
  if (visibility) matches.push(sql`videos.visibility = ${sql.raw(`'${visibility}'`)}`);
  const tags = cleanTags(one(tag));
  if (tags.length > 0) {
    matches.push(sql`videos.tags @> ${json(tags)}`);
    const ofOwner = owner === undefined ? sql`true` : sql`video_tags.owner_id = ${owner}`;
    for (const each of tags)
      indexed.push(sql`videos.id IN (SELECT video_id FROM video_tags WHERE ${ofOwner} AND tag = ${each})`);
  }
  return { conditions, matches, indexed };
}

type ListedRow = ShownRow & { cursorAt: string };

/** The rows of `condition`, as lists show them, in order. */
const listed = (order: Order, condition: SQL): SQL =>
  sql`${select(
    sql`SELECT *, ${order.key} AS sort_key FROM videos WHERE ${condition}`,
    sql`${listColumns}, ${order.toText(sql`videos.sort_key`)} AS "cursorAt"`,
  )} ORDER BY videos.sort_key ${order.direction}, videos.id ${order.direction}`;

function readPage(
  db: Db,
  order: Order,
  conditions: readonly SQL[],
  after: Cursor | undefined,
  count: number,
): Promise<ListedRow[]> {
  const all = sql.join([...conditions, ...(after ? [isAfter(after, order)] : [])], sql` AND `);
  // The limit as text: a generic plan for any number would be a bad one for few rows.
  return readRows(db, listed(order, sql`${all} ${orderBy(order)} LIMIT ${sql.raw(String(count))}`));
}

async function search(
  db: Db,
  order: Order,
  searched: { conditions: SQL[]; matches: SQL[]; indexed: SQL[]; limit: number; after: Cursor | undefined },
): Promise<ListedRow[]> {
  const ids = json((await findInOrder(db, { table: sql`videos`, order, ...searched })).map(({ id }) => id));
  // A video that was deleted in between is left out.
  const condition = sql`videos.id IN (SELECT jsonb_array_elements_text(${ids})) AND ${everybodys()}`;
  return readRows(db, listed(order, condition));
}

const tagRow = z.object({ tag: z.string(), videos: z.coerce.number() });
/** Tags of an account in one answer. */
const MAX_LISTED_TAGS = 1_000;

/** The tags of an account's videos with how many have them, the most used first. */
export function listTags(db: Db, ownerId: string): Promise<z.infer<typeof tagRow>[]> {
  const statement = sql`SELECT tag, count(*) AS videos FROM video_tags WHERE owner_id = ${ownerId}
    GROUP BY tag ORDER BY videos DESC, tag LIMIT ${MAX_LISTED_TAGS}::int`;
  return query(db, statement, tagRow);
}
