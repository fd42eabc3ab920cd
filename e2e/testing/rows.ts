/** Reads rows of the stack's own database, for what no API reports. */
import pg from "pg";
import { connections } from "./losses.ts";
import type { Stack } from "./running-stack.ts";

/** One query on its own connection: a test may stop the database between two queries. */
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
