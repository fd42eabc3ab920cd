/** What every request carries through the Worker. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Audit } from "./audit/record.ts";
import type { Config, Env } from "./config.ts";
import type { Db } from "./db/connect.ts";
import type { Kind } from "./http/answer-headers.ts";
import type { Principal } from "./http/principal.ts";

/** Whom an access token names. Roles are not in it, nor whether the session stands: that is read from the database. */
export type Caller = { userId: string; sessionId: string };

export type AppEnv = {
  Bindings: Env;
  Variables: {
    config: Config;
    db: Db;
    /** Set by the guard of a declared route; see `userOf` and `viewerOf`. */
    principal: Principal | undefined;
    /** Of which kind the answer is; where nobody said, it gets the headers of the API's. */
    answers: Kind | undefined;
    /** What the route's act is written down as; undefined where it declares none. */
    audit: Audit | undefined;
    traceId: string;
    /** To hand on to the bridge and to write to rows. */
    traceparent: string;
    /** Goes on after the answer; a rejection is logged, never thrown. */
    waitUntil: (work: Promise<unknown>) => void;
  };
};

export type App = OpenAPIHono<AppEnv>;
