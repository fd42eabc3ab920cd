/** Whose files are uploaded: what waits for an answer may wait until somebody else is signed in. */
import { session } from "../api/session.ts";

/** Who chooses files while the page still asks who is signed in. */
const UNKNOWN = "unknown";

/** The account that chooses files now; undefined where nobody is signed in. */
export function ownerNow(): string | undefined {
  const now = session();
  return now.kind === "in" ? now.me.id : now.kind === "unknown" ? UNKNOWN : undefined;
}

/** Whether nobody else has come and they have not left; a session that ended by itself is waited for. */
export function isStill(owner: string | undefined): boolean {
  if (owner === UNKNOWN) return true;
  const now = session();
  if (now.kind === "out") return owner === undefined || now.ended === true;
  return ownerNow() === owner;
}
