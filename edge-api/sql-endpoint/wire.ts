/** Schemas of Neon's HTTP protocol, as @neondatabase/serverless 1.2 sends and reads it. */
import { z } from "zod";

const statement = z.object({
  query: z.string().min(1),
  /** The client encodes everything but numbers and booleans as PostgreSQL text. */
  params: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).default([]),
});

/** One statement, or several that form one transaction. */
export const requestBody = z.union([z.object({ queries: z.array(statement).min(1).max(1000) }), statement]);
/** Our extension: independent statements, answered line by line (`db/transport/bundles` in the Worker). */
export const bundle = z.array(statement).min(1).max(100);

/** The batch headers, already lower-cased by the HTTP server. Unknown isolation levels are refused. */
export const batchHeaders = z.object({
  isolation: z.enum(["ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"]).optional(),
  readOnly: z.enum(["true", "false"]).optional(),
  deferrable: z.enum(["true", "false"]).optional(),
});

export type Statement = z.infer<typeof statement>;
export type BatchOptions = z.infer<typeof batchHeaders>;

export type Answer = {
  command: string;
  rowCount: number | null;
  fields: {
    name: string;
    tableID: number;
    columnID: number;
    dataTypeID: number;
    dataTypeSize: number;
    dataTypeModifier: number;
    format: string;
  }[];
  rows: unknown[];
  rowAsArray: boolean;
};
