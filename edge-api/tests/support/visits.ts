/** A visit as a replica holds it before it is written. */
import type { Visit } from "../../src/audience/visits.ts";

/** Somebody who played the first ten seconds, ten minutes ago, unless `more` says otherwise. */
export const visitOf = (more: Partial<Visit> & Pick<Visit, "video">): Visit => ({
  ...{ generation: 1, kind: "unnamed", ref: "", lock: 0, scope: "", share: "" },
  ...{ session: "a-visitor", day: new Date().toISOString().slice(0, 10), viewer: "viewer-1" },
  ...{ device: "desktop", place: null, began: Date.now() - 600_000 },
  ...{ claimedMs: 10_000, startupMs: null, stallMs: 0, ended: false, played: [[0, 10]] },
  ...more,
});
