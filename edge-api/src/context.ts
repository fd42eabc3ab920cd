/** What an act may use of the Worker: settings, database, hub binding, and work after the response. */
import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";
import type { Audit } from "./audit/record.ts";
import type { Config, Env } from "./config.ts";
import type { Db } from "./db/connect.ts";

export type Edge = {
  env: Env;
  config: Config;
  db: Db;
  /** The audit record of the caller's act; undefined if there is no caller or the act is not recorded. */
  audit: Audit | undefined;
  /** W3C trace context of the request. */
  traceparent: string;
  /** Continues after the response is sent. A rejection is logged, never thrown. */
  waitUntil: (work: Promise<unknown>) => void;
};

/** The `Edge` of one request. */
export const edgeOf = (c: Context<AppEnv>): Edge => ({
  env: c.env,
  config: c.get("config"),
  db: c.get("db"),
  audit: c.get("audit"),
  traceparent: c.get("traceparent"),
  waitUntil: c.get("waitUntil"),
});
