/**
 * The SQL that adds to an account's usage of the day. What is stored is kept by a trigger on `users` (migration
 * 0026): the first change of a day writes down what the day before ended with.
 */
import { type SQL, sql } from "drizzle-orm";
import { today } from "../db/columns.ts";
import type { Cte } from "../db/cte.ts";

/** The CTE `encoded`, which adds the seconds of video of each row of `of` to its owner's day. */
export const encodesMore = ({ name, columns }: Cte<"owner_id" | "seconds">): SQL => sql`encoded AS (
      INSERT INTO usage_days (owner_id, day, encoded_seconds)
      SELECT ${columns.owner_id}, ${today}, ${columns.seconds} FROM ${name}
      ON CONFLICT (owner_id, day) DO UPDATE SET encoded_seconds = usage_days.encoded_seconds + excluded.encoded_seconds
    )`;

/**
 * The CTE `watched`, which adds the seconds that were played of the rows of `of` to their owners' day. In one
 * order, so that replicas do not wait for each other.
 */
export const watchesMore = ({ name, columns }: Cte<"owner_id" | "seconds">): SQL => sql`watched AS (
      INSERT INTO usage_days (owner_id, day, watched_seconds)
      SELECT ${columns.owner_id}, ${today}, sum(${columns.seconds}) FROM ${name}
      GROUP BY ${columns.owner_id} ORDER BY ${columns.owner_id}
      ON CONFLICT (owner_id, day) DO UPDATE SET watched_seconds = usage_days.watched_seconds + excluded.watched_seconds
    )`;
