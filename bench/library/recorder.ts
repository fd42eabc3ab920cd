/** The API's database client over a plain connection: it records the statements it receives. */
import { neon, neonConfig } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import type pg from "pg";
import { z } from "zod";
import type { Db } from "../../edge-api/src/db/connect.ts";

const statementSchema = z.object({ query: z.string(), params: z.array(z.unknown()).default([]) });
export type Statement = z.infer<typeof statementSchema>;

const asText = { getTypeParser: () => (text: string) => text };

/** A database client for the acts whose statements run on `client`; each is added to `taken`. */
export function answeringWith(client: pg.Client): { db: Db; taken: Statement[] } {
  const taken: Statement[] = [];
  neonConfig.fetchFunction = async (_url: string, init: RequestInit) => {
    const statement = statementSchema.parse(JSON.parse(String(init.body)));
    taken.push(statement);
    const { fields, rows, rowCount, command } = await client.query({
      text: statement.query,
      values: statement.params,
      types: asText,
      rowMode: "array" as const,
    });
    return Response.json({ fields, rows, rowCount, command, rowAsArray: true });
  };
  return { db: drizzle(neon("postgresql://nobody:nothing@localhost/none")), taken };
}
