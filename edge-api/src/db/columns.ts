/** Column types that many tables use. */
import { sql } from "drizzle-orm";
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

/** A timestamptz, as text. */
export const timestamptz = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
export const bytes = (name: string) => bigint(name, { mode: "number" });
export const now = sql`now()`;
/** The day of UTC. */
export const today = sql`(now() AT TIME ZONE 'UTC')::date`;

/** PostgreSQL's 64-bit transaction id. */
export const transactionId = customType<{ data: string }>({ dataType: () => "xid8" });

/** A set of whole numbers, as ranges. */
export const numberRanges = customType<{ data: string }>({ dataType: () => "int4multirange" });
