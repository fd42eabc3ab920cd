/** Whose files are uploaded: what waits for an answer may wait until somebody else is signed in. */
import { me, session } from "../api/session.ts";

/** The account that chooses files now. */
export const ownerNow = (): string | undefined => me()?.id;

/** Whether nobody else has come and they have not left; a session that ended by itself is waited for. */
export function isStill(owner: string | undefined): boolean {
  const now = session();
  if (now.kind === "out") return owner === undefined || now.ended === true;
  return ownerNow() === owner;
}
