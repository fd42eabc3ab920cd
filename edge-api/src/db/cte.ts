/** Typed names of CTEs that files share, with their columns: a misspelt name does not compile. */
import { type SQL, sql } from "drizzle-orm";

/** A CTE of the statement with at least the columns `C`. */
export type Cte<C extends string> = { readonly name: SQL; readonly columns: { readonly [K in C]: SQL } };

/** Declares which columns the CTE `name` has; the statement itself must define it. */
export function cte<const C extends string>(name: string, ...columns: C[]): Cte<C> {
  const named = columns.map((column) => [column, sql.raw(`${name}.${column}`)]);
  return { name: sql.raw(name), columns: Object.fromEntries(named) };
}
