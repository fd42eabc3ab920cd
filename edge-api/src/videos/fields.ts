/** The fields that an owner writes, made safe to store and show, and what searches and sorts read of them. */
import type { Chapter, Visibility } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { isConflict } from "../db/failure.ts";
import { searchTextOf, sortKeyOf } from "../db/lists/search-text.ts";
import { json, oneLine, storable } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import { cleanTitle } from "./names.ts";

/** As a ticket or a change holds them. */
export type RequestedFields = {
  title?: string | undefined;
  description?: string | undefined;
  tags?: string[] | undefined;
  visibility?: Visibility | undefined;
  chapters?: Chapter[] | undefined;
  externalId?: string | null | undefined;
  /** Merged into the stored pairs; null removes one. */
  metadata?: Readonly<Record<string, string | null>> | undefined;
};

/** The pairs of a row of `videos` after a change. */
export const mergedMetadata = (change: NonNullable<RequestedFields["metadata"]>): SQL =>
  sql`jsonb_strip_nulls(videos.metadata || ${json(change)})`;

/** Waits for a statement that writes `external_id`. Throws `video.external_id_taken`. */
export async function unlessTaken<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (isConflict(error, "videos_external_id")) throw problem("video.external_id_taken", { cause: error });
    throw error;
  }
}

const showsNothing = (path: string) =>
  problem("request.invalid", { errors: [{ path, message: "holds nothing to show" }] });

/** Throws `request.invalid` if no visible character is left of the title, a tag or a chapter's title. */
export function cleanFields<F extends RequestedFields>(fields: F): F {
  const { title, description, tags, chapters } = fields;
  return {
    ...fields,
    ...(title !== undefined && { title: visible(cleanTitle(title), "title") }),
    ...(description !== undefined && { description: cleanDescription(description) }),
    ...(tags && { tags: cleanTags(tags) }),
    ...(chapters && {
      chapters: chapters.map(({ start, title }, at) => ({
        start,
        title: visible(cleanTitle(title), `chapters.${at}.title`),
      })),
    }),
  };
}

function visible(text: string, path: string): string {
  if (text === "") throw showsNothing(path);
  return text;
}

/** Each tag once. */
export const cleanTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag, at) => visible(oneLine(tag), `tags.${at}`))),
];

/** Lines stay as they are, with `\n` at their ends. */
const cleanDescription = (text: string): string => storable(text).replaceAll(/\r\n?/g, "\n").trim();

/** The texts of a video that a search looks through. */
export type Texts = { title: string; filename: string; description: string; tags: readonly string[] };

export const videoSearchText = ({ title, filename, description, tags }: Texts): string =>
  searchTextOf([title, filename, description, ...tags]);

/** The columns of `fields` with their values; absent ones are left out, and so is `metadata`. */
export function columnsOf(fields: RequestedFields): [column: string, value: SQL][] {
  const { title, description, tags, visibility, chapters, externalId } = fields;
  return [
    ...optional(title, (text): [string, SQL][] => [
      ["title", sql`${text}::text`],
      ["title_key", sql`${sortKeyOf(text)}::text`],
    ]),
    ...optional(description, (text): [string, SQL][] => [["description", sql`${text}::text`]]),
    ...optional(tags, (list): [string, SQL][] => [["tags", json(list)]]),
    ...optional(visibility, (text): [string, SQL][] => [["visibility", sql`${text}::text`]]),
    ...optional(chapters, (list): [string, SQL][] => [["chapters", json(list)]]),
    ...optional(externalId, (text): [string, SQL][] => [["external_id", sql`${text}::text`]]),
  ];
}

const optional = <T>(value: T | undefined, columns: (value: T) => [string, SQL][]) =>
  value === undefined ? [] : columns(value);

/** Chapters as the API shows them: a person's, otherwise the source's own. */
export const shownChapters: SQL = sql`coalesce(videos.chapters, videos.plan #> '{source,chapters}', '[]')`;
