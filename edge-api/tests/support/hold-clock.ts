/** Keeps the edge's own clock from sweeping: for tests that break what a sweep mends, or count what one run does. */
import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import type { Edge } from "./harness.ts";

type Database = Pick<Edge, "sql">;

/**
 * Takes the clock's lease as another replica would, and waits until a round that had begun has ended: the clock
 * has asked for the lease again. That locks its row, and `xmax` is the transaction that locked it last.
 */
export async function holdClock({ sql }: Database): Promise<void> {
  const { rows: taken } = await sql.query(
    `INSERT INTO duties (name, holder, until) VALUES ('sweeps', 'a test', now() + interval '1 day')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
     RETURNING xmax::text`,
  );
  await eventually(async () => {
    const { rows } = await sql.query("SELECT xmax::text FROM duties WHERE name = 'sweeps'");
    expect(rows, "the clock has asked for its lease").not.toEqual(taken);
  });
}

/** Does `act` while the edge's own clock stands still. */
export async function withoutClock(edge: Database, act: () => Promise<void>): Promise<void> {
  await holdClock(edge);
  try {
    await act();
  } finally {
    await edge.sql.query("UPDATE duties SET until = now() WHERE name = 'sweeps' AND holder = 'a test'");
  }
}
