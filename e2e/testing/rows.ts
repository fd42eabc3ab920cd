/** Rows of the stack's own database, for what no API says. */
import pg from "pg";
import { connections } from "./losses.ts";
import type { Stack } from "./running-stack.ts";

/** Asks once, on a connection of its own: a test may end the database between two questions. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  stack: Stack,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const database = new pg.Client({ connectionString: (await connections(stack)).databaseUrl });
  await database.connect();
  try {
    return (await database.query<Row>(statement, [...values])).rows;
  } finally {
    await database.end();
  }
}
