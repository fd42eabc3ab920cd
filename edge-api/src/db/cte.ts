/** Names of CTEs that one file defines and another reads, with the columns that are read of them: a misspelt one does not compile. */
import { type SQL, sql } from "drizzle-orm";

/** A CTE of the statement, which has at least the columns `C`. */
export type Cte<C extends string> = { readonly name: SQL; readonly columns: { readonly [K in C]: SQL } };

/** Says what the CTE `name` of one's statement has; the statement defines it. */
export function cte<const C extends string>(name: string, ...columns: C[]): Cte<C> {
  const named = columns.map((column) => [column, sql.raw(`${name}.${column}`)]);
  return { name: sql.raw(name), columns: Object.fromEntries(named) };
}
