/** What an act may use of the Worker: its settings, the database, the hub's binding, and the time after the answer. */
import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";
import type { Audit } from "./audit/record.ts";
import type { Config, Env } from "./config.ts";
import type { Db } from "./db/connect.ts";

export type Edge = {
  env: Env;
  config: Config;
  db: Db;
  /** What the caller's act is written down as; undefined where nobody called, or for nothing that is. */
  audit: Audit | undefined;
  /** W3C trace context of the request. */
  traceparent: string;
  /** Goes on after the answer; a rejection is logged, never thrown. */
  waitUntil: (work: Promise<unknown>) => void;
};

/** The edge of one request. */
export const edgeOf = (c: Context<AppEnv>): Edge => ({
  env: c.env,
  config: c.get("config"),
  db: c.get("db"),
  audit: c.get("audit"),
  traceparent: c.get("traceparent"),
  waitUntil: c.get("waitUntil"),
});
