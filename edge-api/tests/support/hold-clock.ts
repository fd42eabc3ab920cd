/** Keeps the edge's own clock from sweeping: for tests that break what a sweep mends, or count what one run does. */
import type { Edge } from "./harness.ts";

type Database = Pick<Edge, "sql">;

/** Takes the clock's lease as another replica would. A round that runs meanwhile ends first. */
export async function holdClock({ sql }: Database): Promise<void> {
  await sql.query(
    `INSERT INTO duties (name, holder, until) VALUES ('sweeps', 'a test', now() + interval '1 day')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until`,
  );
}

/** Gives the lease back: the edge's clock takes it at its next alarm. */
export async function releaseClock({ sql }: Database): Promise<void> {
  await sql.query("UPDATE duties SET until = now() WHERE name = 'sweeps' AND holder = 'a test'");
}
