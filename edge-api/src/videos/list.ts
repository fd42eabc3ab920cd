/** Lists of videos: filters, orders, pages by cursor; and the tags of an account. */
import type { VideoFilters } from "@storagex/contract/videos/video-lists";
import type { VideoSort } from "@storagex/contract/videos/video-statuses";
import { type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type Db, query, queryKeyed } from "../db/connect.ts";
import { eachOf, type KeyedRead, placeOf } from "../db/keyed.ts";
import { type Cursor, isAfter, type List, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { versionOf } from "../db/lists/known-rows.ts";
import { DESCENDING, NEWEST, OLDEST, type Order, orderBy } from "../db/lists/order.ts";
import { findInOrder, textMatches } from "../db/lists/search.ts";
import { searchPatterns } from "../db/lists/search-text.ts";
import { everybodys, ownedBy } from "../db/scope.ts";
import { instant, isPlainId, json, valuesOf } from "../db/text.ts";
import { cleanTags } from "./fields.ts";
import { type Places, placesUnless, type ReadPage, readPage } from "./read.ts";
import type { ShownRow } from "./rows.ts";

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
/** The same object as long as nothing of it changes: nobody may change it. */
export type Page = { rows: readonly ShownRow[]; nextCursor: string | null };

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
  const conditions = [
    scope,
    ...(owner === undefined ? [] : [isPlainId(owner) ? sql`videos.owner_id = ${owner}` : sql`false`]),
  ];
  const split = filter(filters, order);
  conditions.push(...split.conditions);
  const searched = { ...split, order, conditions, after, limit: limit + 1 };
  const pageName = JSON.stringify([list, limit, cursor]);
  const isLibrary = owner !== undefined && split.conditions.length === 0 && split.matches.length === 0;
  const found = await (split.matches.length > 0
    ? search(db, searched)
    : isLibrary && !after
      ? pageOf(db, searched, pageName, (known) => readLibrary(db, [owner, known], sort, limit + 1))
      : pageOf(db, searched, pageName));
  const page = pages.get(found) ?? (await shorten(found, limit, list));
  pages.set(found, page);
  return page;
}

/** Of each page that was read: without the row that tells whether there are more. */
const pages = new WeakMap<ReadPage, Page>();

async function shorten({ rows }: ReadPage, limit: number, list: List): Promise<Page> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    rows: page.map(({ row }) => row),
    nextCursor: last ? await writeCursor({ at: last.at, id: last.row.id }, list) : null,
  };
}

/**
 * What the filters ask for: conditions that the order's own index holds, others to match row by row, and by
 * which other index rare matches are found.
 */
function filter(
  {
    status,
    tag,
    externalId,
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
  const statuses = [...new Set(valuesOf(status))];
  if (statuses.length > 0)
    (isByTime && statuses.length === 1 ? conditions : matches).push(sql`videos.status IN ${statuses}`);
  const times = isByTime ? conditions : matches;
  if (createdAfter !== undefined) times.push(sql`videos.created_at >= ${instant(createdAfter)}`);
  if (createdBefore !== undefined) times.push(sql`videos.created_at < ${instant(createdBefore, 1)}`);
  // At most one of an account: its index is the shorter way in any order.
  if (externalId !== undefined)
    conditions.push(externalId.includes("\0") ? sql`false` : sql`videos.external_id = ${externalId}`);
  // The value as text in the statement: a parameter would hide from the planner that the partial index fits.
  if (visibility) matches.push(sql`videos.visibility = ${sql.raw(`'${visibility}'`)}`);
  const tags = cleanTags(valuesOf(tag));
  if (tags.length > 0) {
    matches.push(sql`videos.tags @> ${json(tags)}`);
    const ofOwner = owner === undefined ? sql`true` : sql`video_tags.owner_id = ${owner}`;
    for (const each of tags)
      indexed.push(sql`videos.id IN (SELECT video_id FROM video_tags WHERE ${ofOwner} AND tag = ${each})`);
  }
  return { conditions, matches, indexed };
}

type Searched = { order: Order; conditions: SQL[]; after: Cursor | undefined; limit: number };

/** Page for `readPage`, of the rows of `videos` that `which` (conditions, order and limit) selects. */
const placesOf = ({ key, direction, toText }: Order, which: SQL): SQL =>
  sql`SELECT id, version, ${toText(sql`sort_key`)} AS at
    FROM (SELECT id, ${versionOf(sql`videos`)} AS version, ${key} AS sort_key FROM videos WHERE ${which}) AS sorted
    ORDER BY sort_key ${direction}, id ${direction}`;

type Library = KeyedRead<readonly [owner: string, known: string]>;
const libraries = new Map<string, Library>();
const libraryRow = z.object({
  digest: z.string(),
  places: z.custom<Places["places"]>((value) => value === null || Array.isArray(value)),
});

/** The first page of an account's whole list: the most frequent one, for many accounts in one statement. */
async function readLibrary(
  db: Db,
  key: readonly [owner: string, known: string],
  sort: VideoSort,
  limit: number,
): Promise<Places | undefined> {
  const name = `${sort} ${limit}`;
  const read = libraries.get(name) ?? libraryBy(ORDERS[sort], limit);
  libraries.set(name, read);
  return (await queryKeyed(db, read, key, libraryRow))[0];
}

function libraryBy(order: Order, limit: number): Library {
  const own = sql`${ownedBy(sql`asked.key ->> 0`)} ${orderBy(order)} LIMIT ${sql.raw(String(limit))}`;
  return (keys) =>
    placesUnless(placesOf(order, own), sql`asked.key ->> 1`, {
      columns: sql`${placeOf} AS place,`,
      from: sql`${eachOf(keys)},`,
    });
}

const NONE: ReadPage = { ids: [], rows: [], digest: null };
/** Pages as they last were, by list and cursor: what is probably on them again. The rows of all count. */
const lastPages = new LRUCache<string, ReadPage>({
  max: 2_000,
  maxSize: 5_000,
  sizeCalculation: ({ rows }) => rows.length + 1,
});

/** A page by the order's own index. `name` names the list and the page; `readPlaces` as in `readPage`. */
async function pageOf(
  db: Db,
  { order, conditions, after, limit }: Searched,
  name: string,
  readPlaces?: (known: string) => Promise<Places | undefined>,
): Promise<ReadPage> {
  const all = sql.join([...conditions, ...(after ? [isAfter(after, order)] : [])], sql` AND `);
  // The limit as text: a generic plan for any number would be a bad one for few rows.
  const page = placesOf(order, sql`${all} ${orderBy(order)} LIMIT ${sql.raw(String(limit))}`);
  const read = await readPage(db, page, lastPages.get(name) ?? NONE, readPlaces);
  lastPages.set(name, read);
  return read;
}

async function search(db: Db, searched: Searched & { matches: SQL[]; indexed: SQL[] }): Promise<ReadPage> {
  const ids = (await findInOrder(db, { table: sql`videos`, ...searched })).map(({ id }) => id);
  // A video that was deleted in between is left out.
  const condition = sql`videos.id IN (SELECT jsonb_array_elements_text(${json(ids)})) AND ${everybodys()}`;
  return readPage(db, placesOf(searched.order, condition), { ...NONE, ids });
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
