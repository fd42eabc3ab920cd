/** Subjects under which attempts are counted, and how many are allowed in a window of 15 minutes. */
import { hashOf } from "../../keys/random.ts";

export type Limit = { subject: string; max: number };

/** All sign-in attempts on one account; a successful one clears the count. */
export const ofAccount = async (email: string): Promise<Limit> => ({
  // Hashed: the text typed into the field may be a password.
  subject: `account:${await hashOf(email)}`,
  max: 10,
});

/**
 * Attempts of a signed-in caller to prove the account's password. Counted apart from sign-ins: otherwise
 * outsiders who try to sign in would keep the owner from changing the password. An account's id needs no
 * hash.
 */
export const ofOwnPassword = (userId: string): Limit => ({ subject: `own:${userId}`, max: 10 });

/** Attempts from one client; no limit if no trusted header names it. */
export const ofClient = (
  act: "login" | "register" | "setup" | "join",
  address: string | undefined,
): Limit[] =>
  address === undefined ? [] : [{ subject: `${act}:${address}`, max: act === "login" ? 60 : 20 }];
