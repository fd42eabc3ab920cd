/** The opaque cursor of a list: key and id of the last row, and the list it belongs to. */
import { type SQL, sql } from "drizzle-orm";
import { base64url } from "jose";
import { z } from "zod";
import { hashOf } from "../../keys/random.ts";
import { problem } from "../../problem/problem.ts";
import type { Order } from "./order.ts";

/** `at` is the row's key as text. */
export type Cursor = { at: string; id: string };

/** A list: its name, and everything that decides which rows it has. Absent fields do not count. */
export type List = { name: string; [filter: string]: unknown };

const cursorSchema = z.tuple([z.string(), z.string().regex(/^[\w-]{1,64}$/), z.string()]);

const markOf = async (list: List): Promise<string> => (await hashOf(JSON.stringify(list))).slice(0, 12);

export async function writeCursor({ at, id }: Cursor, list: List): Promise<string> {
  return base64url.encode(JSON.stringify([at, id, await markOf(list)]));
}

/** Throws `request.invalid` for anything that we did not write for this list. */
export async function readCursor(text: string, list: List, order: Order): Promise<Cursor> {
  const refuse = (message: string) => problem("request.invalid", { errors: [{ path: "cursor", message }] });
  const parsed = cursorSchema.safeParse(decoded(text));
  if (!parsed.success || !order.text.test(parsed.data[0])) throw refuse("is not one we gave out");
  const [at, id, mark] = parsed.data;
  if (mark !== (await markOf(list))) throw refuse("belongs to a list with other filters or another order");
  return { at, id };
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(base64url.decode(text)));
  } catch {
    return undefined;
  }
}

/** The condition that a row comes after the cursor. */
export const isAfter = ({ at, id }: Cursor, { key, comparison, fromText }: Order): SQL =>
  sql`(${key}, id) ${comparison} (${fromText(at)}, ${id}::text)`;
