/** The opaque cursor of a list: time and id of the last row, where the next page starts. */
import { type SQL, sql } from "drizzle-orm";
import { base64url } from "jose";
import { z } from "zod";
import { problem } from "../problem/problem.ts";

/** `at` in microseconds since the epoch, as text: more than a double holds exactly. */
export type Cursor = { at: string; id: string };

const cursorSchema = z.tuple([z.string().regex(/^\d{1,16}$/), z.string().regex(/^[\w-]{1,64}$/)]);

export function writeCursor({ at, id }: Cursor): string {
  return base64url.encode(JSON.stringify([at, id]));
}

/** Throws `request.invalid` for anything that we did not write. */
export function readCursor(text: string): Cursor {
  try {
    const [at, id] = cursorSchema.parse(JSON.parse(new TextDecoder().decode(base64url.decode(text))));
    return { at, id };
  } catch {
    throw problem("request.invalid", { errors: [{ path: "cursor", message: "is not one we gave out" }] });
  }
}

/** A row's creation time as its cursor holds it. */
export const cursorTime = (createdAt: SQL): SQL =>
  sql`(extract(epoch FROM ${createdAt}) * 1000000)::bigint::text`;

/** The condition that a row comes after the cursor, newest first. */
export const isAfter = ({ at, id }: Cursor, createdAt: SQL, rowId: SQL): SQL =>
  sql`(${createdAt}, ${rowId}) < (timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond', ${id}::text)`;
