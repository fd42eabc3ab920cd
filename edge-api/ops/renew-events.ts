/** Events of a backup that was restored into another cluster: their transaction ids are the old cluster's. */
import type pg from "pg";

/**
 * Readers order events by transaction id (`events/follow.ts`). A new cluster counts ids from the start, so ids of
 * the old one may lie ahead. Such events would be sent only when the new cluster reaches these ids, and after newer
 * events. They get the id of this transaction and keep their order.
 */
export async function renewEvents(client: pg.Client): Promise<void> {
  await client.query(
    "UPDATE events SET xact = pg_current_xact_id() WHERE xact >= pg_snapshot_xmax(pg_current_snapshot())",
  );
}
