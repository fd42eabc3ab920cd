/** What columns have where nothing was written into them. */
import { getTableColumns, is, SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { json } from "./text.ts";

/** The defaults of a table's columns, as a JSON object by the columns' names. */
export function defaultsOf(table: PgTable): SQL {
  const pairs = Object.values(getTableColumns(table)).flatMap(({ name, default: value }) =>
    value === undefined
      ? []
      : [sql`${name}::text, ${is(value, SQL) ? sql`to_jsonb(${value})` : json(value)}`],
  );
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`;
}
