/** Types of what every request carries through the Worker. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Scope } from "@storagex/contract/accounts/scopes";
import type { Audit } from "./audit/record.ts";
import type { Config, Env } from "./config.ts";
import type { Db } from "./db/connect.ts";
import type { Kind } from "./http/answers/answer-headers.ts";
import type { Rate } from "./http/guards/rates.ts";
import type { Principal } from "./http/principal.ts";

/**
 * The user and session that an access token names. Its role and whether the session is still valid are read
 * from the database.
 */
export type Caller = { userId: string; sessionId: string };
/** The account and scopes of an API key. Whether it is still valid is read from the database for each call. */
export type KeyCaller = { userId: string; keyId: string; scopes: readonly Scope[] };

export type AppEnv = {
  Bindings: Env;
  Variables: {
    config: Config;
    db: Db;
    /** Set by the guard of a declared route. See `userOf` and `viewerOf`. */
    principal: Principal | undefined;
    /** The kind of response, which decides its headers. Undefined: those of the API. */
    answers: Kind | undefined;
    /** Whether live streams and webhooks are looked for after the call. Set by the guard of a declared route. */
    wakes: boolean | undefined;
    /** Origins whose scripts may read an answer of the kind `shared`; empty or undefined for any. */
    readers: readonly string[] | undefined;
    /** The audit record of the route's act; undefined if the route declares none. */
    audit: Audit | undefined;
    /** What is left to the caller in this minute; undefined if its calls are not counted. */
    rate: Rate | undefined;
    traceId: string;
    /** Sent on to the bridge and written to rows. */
    traceparent: string;
    /** Continues after the response is sent. A rejection is logged, never thrown. */
    waitUntil: (work: Promise<unknown>) => void;
  };
};

export type App = OpenAPIHono<AppEnv>;
