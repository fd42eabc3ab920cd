/** The `Edge` for tests that call an act directly, against the services of a running edge. */
import { readConfig } from "../../src/config.ts";
import type { Edge as Inside } from "../../src/context.ts";
import { connect } from "../../src/db/connect.ts";
import type { Edge } from "./harness.ts";

/** The settings and the database that `bindings` name. */
export function insideEdge({ bindings }: Pick<Edge, "bindings">): Inside {
  const config = readConfig(bindings);
  const nothing = {} as DurableObjectNamespace;
  return {
    env: { HUB: nothing, FEED: nothing, CLOCK: nothing, AUDIENCE: nothing },
    config,
    db: connect(config),
    audit: undefined,
    traceparent: "",
    waitUntil: (work) => void work.catch(() => undefined),
  };
}
