/** Reads videos as the API shows them: one statement for a video or a page, always under a scope. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, queryKeyed, readRows } from "../db/connect.ts";
import { eachOf, type KeyedRead, placeOf } from "../db/keyed.ts";
import { KnownRows, versionOf } from "../db/lists/known-rows.ts";
import { everybodys, isVisibleToKey, type Reader, type VideoKey, videoKey, visibleTo } from "../db/scope.ts";
import { isPlainId, json } from "../db/text.ts";
import { detailColumns, listColumns, ofChunk, select, workColumns } from "./columns.ts";
import { type ShownRow, type ShownWorkRow, type VideoRow, type WorkRow, workRow } from "./rows.ts";

const isSettled = ({ status }: Pick<VideoRow, "status">) => status === "completed" || status === "failed";

/** Rows of videos in a final state, which depend on nothing else. */
const knownShown = new KnownRows<ShownRow & { version: string }>(5_000);
const knownWork = new KnownRows<WorkRow & { version: string }>(500);

/** A row of a page, and its key as a cursor holds it. Rows are shared: nobody may change them. */
export type PageRow = { row: ShownRow; at: string };
export type Place = { id: string; version: string; at: string };
/** The places of a page, null if `digest` is the one that was known. */
export type Places = { digest: string; places: Place[] | null };
/** A page as it was read. `digest` is null where a row may change by itself. Shared: nobody may change it. */
export type ReadPage = { ids: readonly string[]; rows: readonly PageRow[]; digest: string | null };
type Read = { places: Place[]; changed: (ShownRow & { version: string })[] };

/**
 * Selects the digest of the places that `page` selects (its columns as `readPage` says), and the places only if the
 * digest is not `known`; after `columns`, from `rest`, both of which may be empty.
 */
export const placesUnless = (
  page: SQL,
  known: SQL,
  { columns, from }: { columns: SQL; from: SQL } = { columns: sql``, from: sql`` },
): SQL => sql`SELECT ${columns} digest,
    CASE WHEN digest <> ${known} THEN (SELECT coalesce(json_agg(row_to_json(page)), '[]') FROM (${page}) AS page) END AS places
  FROM ${from} LATERAL (
    SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', id, version, at), ','), ''), 'UTF8')), 'base64') AS digest
    FROM (${page}) AS page) AS now`;

/**
 * The rows of a page, in its order. `page` selects `id`, `version` (`versionOf`) and `at`, the row's key as
 * text. Those of `last`, the same page as it was or may be, that have not changed since they were read here are not
 * read again: if all are known, `readPlaces`, which is given the known digest, tells whether anything changed. Returns
 * `last` itself if nothing did.
 */
export async function readPage(
  db: Db,
  page: SQL,
  last: ReadPage,
  readPlaces: (known: string) => Promise<Places | undefined> = async (known) =>
    (await readRows<Places>(db, placesUnless(page, sql`${known}::text`)))[0],
): Promise<ReadPage> {
  const now = last.digest === null ? undefined : await readPlaces(last.digest);
  if (now?.places === null) return last;
  const known = knownShown.among(db, last.ids);
  if (last.ids.length > 0 && known.size === last.ids.length) {
    const { digest = null, places } = now ?? (await readPlaces("")) ?? {};
    if (places?.every(({ id, version }) => known.get(id)?.version === version))
      return pageOf(places, known, digest);
  }
  const versions = json(Object.fromEntries([...known.values()].map(({ id, version }) => [id, version])));
  const found = sql`SELECT videos.*, page.version FROM page JOIN videos ON videos.id = page.id
    WHERE page.version IS DISTINCT FROM ${versions} ->> page.id`;
  const [read] = await readRows<Read>(
    db,
    sql`WITH page AS MATERIALIZED (${page})
      SELECT (SELECT coalesce(json_agg(row_to_json(page)), '[]') FROM page) AS places,
        (SELECT coalesce(json_agg(row_to_json(changed)), '[]')
          FROM (${select(found, sql`videos.version, ${listColumns}`)}) AS changed) AS changed`,
  );
  const { places = [], changed = [] } = read ?? {};
  for (const row of changed) if (isSettled(row)) knownShown.keep(db, row);
  return pageOf(places, new Map([...known, ...changed.map((row) => [row.id, row] as const)]), null);
}

function pageOf(
  places: readonly Place[],
  rows: ReadonlyMap<string, ShownRow>,
  digest: string | null,
): ReadPage {
  const found = places.flatMap(({ id, at }) => {
    const row = rows.get(id);
    return row ? [{ row, at }] : [];
  });
  return { ids: found.map(({ row }) => row.id), rows: found, digest };
}

const viewsOf = sql`(SELECT coalesce(sum(plays.views), 0) FROM plays WHERE plays.video_id = videos.id) AS views`;
const versionRow = z.object({ version: z.string(), views: z.coerce.number() });
const workWithVersion = workRow.extend(versionRow.shape);

const version = sql`${versionOf(sql`videos`)} AS version`;

const readVersions: KeyedRead<VideoKey> = (keys) => sql`SELECT ${placeOf} AS place, ${version}, ${viewsOf}
  FROM ${eachOf(keys)} JOIN videos ON videos.id = asked.key ->> 0 WHERE ${isVisibleToKey}`;

/** `readWork` for `reader`. A finished video that has not changed since it was last read here is not read again. */
export async function readWorkFor(db: Db, reader: Reader, id: string): Promise<WorkRow | undefined> {
  const known = knownWork.among(db, [id]).get(id);
  if (known) {
    const [now] = await queryKeyed(db, readVersions, videoKey(id, reader), versionRow);
    if (now?.version === known.version) return now.views === known.views ? known : { ...known, ...now };
  }
  return readWork(db, visibleTo(reader), id);
}

/**
 * One video under `scope` (see `db/scope`) with everything that its own page shows, and all its chunks; or
 * undefined.
 */
export async function readWork(db: Db, scope: SQL, id: string): Promise<WorkRow | undefined> {
  if (!isPlainId(id)) return undefined;
  const found = sql`SELECT videos.*, ${version} FROM videos WHERE videos.id = ${id} AND ${scope}`;
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk}`);
  const columns = sql`${detailColumns}, ${work}, videos.version, ${viewsOf}`;
  const [read] = await readRows(db, select(found, columns));
  if (read === undefined) return undefined;
  const row = workWithVersion.parse(read);
  if (isSettled(row)) knownWork.keep(db, row);
  return row;
}

/**
 * The video as it was when its row was kept; what is no column of it, such as the progress of tasks, as it is
 * now. `found` selects that one row. Undefined if there is none.
 */
export async function readSnapshot(db: Db, found: SQL): Promise<WorkRow | undefined> {
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk}`);
  const [read] = await readRows(db, select(found, sql`${detailColumns}, ${work}, '' AS version, ${viewsOf}`));
  return read === undefined ? undefined : workWithVersion.parse(read);
}

/** The existing ones among `changed`, of any owner, unordered, with their released and their named chunks. */
export function readChanged(
  db: Db,
  changed: readonly { id: string; chunks: readonly number[] }[],
): Promise<ShownWorkRow[]> {
  const known = changed.filter(({ id }) => isPlainId(id));
  const ids = json(known.map(({ id }) => id));
  const chunks = json(Object.fromEntries(known.map(({ id, chunks }) => [id, chunks])));
  const found = sql`SELECT * FROM videos
    WHERE videos.id IN (SELECT jsonb_array_elements_text(${ids})) AND ${everybodys()}`;
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk} AND state IN ('queued', 'running')
    UNION SELECT * FROM tasks WHERE ${ofChunk} AND index IN (SELECT jsonb_array_elements_text(${chunks} -> videos.id)::int)`);
  return readRows(db, select(found, sql`${listColumns}, ${work}`));
}
