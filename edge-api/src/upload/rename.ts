/** A video's title, changed by who may see it. */
import { type SQL, sql } from "drizzle-orm";
import type { Edge } from "../edge.ts";
import { problem } from "../http/problem.ts";
import { announce } from "../lifecycle/announce.ts";
import { cleanTitle } from "./names.ts";

/** Throws `request.invalid` where nothing to show is left of the title. */
export async function rename(edge: Edge, scope: SQL, id: string, title: string): Promise<void> {
  const clean = cleanTitle(title);
  if (clean === "")
    throw problem("request.invalid", { errors: [{ path: "title", message: "holds nothing to show" }] });
  await edge.db.execute(
    sql`UPDATE videos SET title = ${clean}, updated_at = now() WHERE id = ${id} AND ${scope}`,
  );
  announce(edge, id);
}
