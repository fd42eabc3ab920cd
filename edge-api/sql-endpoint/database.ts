/** PostgreSQL pool of the SQL endpoint: runs a statement, or a batch as one transaction; returns raw text. */

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isPassing } from "./failure.ts";
import { makePlans } from "./plans.ts";
import { jsonOfRows } from "./row-json.ts";
import type { Answer, BatchOptions, Statement } from "./wire.ts";

const STATEMENT_MS = 5_000;
/** Longer than the statement timeout, so that PostgreSQL's error comes first. Cuts off a paused server. */
const SILENCE_MS = 7_000;
/** How long to wait for a restarting PostgreSQL before the caller gets an error. */
const RECONNECT_MS = 3_000;

/** Values stay as PostgreSQL wrote them: the client parses them by `dataTypeID`. */
const asText = { getTypeParser: () => (text: string) => text };

export type Database = {
  one(statement: Statement, rowAsArray: boolean): Promise<Answer>;
  /** The same as JSON text, see `row-json.ts`. */
  oneAsJson(statement: Statement): Promise<string>;
  batch(statements: readonly Statement[], rowAsArray: boolean, options: BatchOptions): Promise<Answer[]>;
  close(): Promise<void>;
};

/** Opens a pool of at most `connections`. `onIdleError` gets errors of idle connections (a restart). */
export function openDatabase(
  url: string,
  connections: number,
  onIdleError: (error: Error) => void,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    application_name: "storagex-sql-endpoint",
  });
  pool.on("error", onIdleError);
  const plans = makePlans();

  async function one<R>(text: string, act: (client: pg.PoolClient, name?: string) => Promise<R>): Promise<R> {
    const name = plans.nameOf(text);
    try {
      return await withClient(pool, (client) => act(client, name));
    } catch (error) {
      if (name === undefined || !plans.isLost(error)) throw error;
      return withClient(pool, (client) => act(client));
    }
  }

  return {
    one: (statement, rowAsArray) =>
      one(statement.query, (client, name) => run(client, statement, rowAsArray, name)),
    oneAsJson: (statement) =>
      one(statement.query, async (client, name) => {
        const { fields, rows } = await client.query<(string | null)[]>({
          ...configOf(statement, name),
          rowMode: "array",
        });
        return jsonOfRows(fields, rows);
      }),
    batch: (statements, rowAsArray, options) =>
      withClient(pool, async (client) => {
        await client.query(beginOf(options));
        try {
          const answers: Answer[] = [];
          for (const statement of statements) answers.push(await run(client, statement, rowAsArray));
          await client.query("COMMIT");
          return answers;
        } catch (error) {
          // A lost connection rolls back by itself. Report the first error, not the rollback's.
          await client.query("ROLLBACK").catch(() => undefined);
          throw error;
        }
      }),
    close: () => pool.end(),
  };
}

/** Lends a connection. After any error but an SQL error the connection is destroyed, never reused. */
async function withClient<T>(pool: pg.Pool, act: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  try {
    const result = await act(client);
    client.release();
    return result;
  } catch (error) {
    client.release(!(error instanceof pg.DatabaseError) || error.severity === "FATAL");
    throw error;
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  const end = Date.now() + RECONNECT_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isPassing(error) || Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

const configOf = ({ query, params }: Statement, name?: string) => ({
  ...(name !== undefined && { name }),
  text: query,
  values: params,
  types: asText,
  // The extended protocol accepts exactly one statement: a second one cannot be smuggled into the text.
  queryMode: "extended",
});

/** Runs the statement, prepared under `name` if given. */
async function run(
  client: pg.PoolClient,
  statement: Statement,
  rowAsArray: boolean,
  name?: string,
): Promise<Answer> {
  const config = configOf(statement, name);
  const result = rowAsArray
    ? await client.query({ ...config, rowMode: "array" as const })
    : await client.query(config);
  return {
    command: result.command,
    rowCount: result.rowCount,
    fields: result.fields,
    rows: result.rows,
    rowAsArray,
  };
}

const LEVELS = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
} as const;

function beginOf(options: BatchOptions): string {
  const words = ["BEGIN"];
  if (options.isolation) words.push("ISOLATION LEVEL", LEVELS[options.isolation]);
  if (options.readOnly) words.push(options.readOnly === "true" ? "READ ONLY" : "READ WRITE");
  if (options.deferrable) words.push(options.deferrable === "true" ? "DEFERRABLE" : "NOT DEFERRABLE");
  return words.join(" ");
}
