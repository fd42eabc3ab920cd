/** The migration at a start: one at a time, and with a limited wait. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edge, startEdge } from "./support/harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
}, 240_000);
afterAll(() => edge?.stop());

/** As in ops/migrate.ts. */
const LOCK = "SELECT pg_advisory_xact_lock(7253001)";

test("it waits for another that runs, not for ever, and for none that is over", async () => {
  const client = await edge.sql.connect();
  const impatient = new URL(edge.databaseUrl);
  impatient.searchParams.set("options", "-c lock_timeout=300");
  const migrate = () => edge.ops("migrate", [], { DATABASE_URL: impatient.href });
  try {
    await client.query("BEGIN");
    await client.query(LOCK);
    await expect(migrate()).rejects.toThrow(/lock timeout/);
    // The session stays open, as it does behind a pooler; its transaction is over.
    await client.query("ROLLBACK");
    await migrate();
  } finally {
    client.release();
  }
});
