/** Keeps the edge's own clock from sweeping: for tests that break what a sweep mends, or count what one run does. */
import type { Edge } from "./harness.ts";

type Database = Pick<Edge, "sql">;

/** Takes the clock's lease as another replica would. A round that has begun goes on to its end; none follows. */
export async function holdClock({ sql }: Database): Promise<void> {
  await sql.query(
    `INSERT INTO duties (name, holder, until) VALUES ('sweeps', 'a test', now() + interval '1 day')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until`,
  );
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
