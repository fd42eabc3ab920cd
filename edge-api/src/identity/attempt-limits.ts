/** What attempts are counted under, and how many are let through in a window of 15 minutes. */
import { hashOf } from "../keys/random.ts";

export type Limit = { subject: string; most: number };

/** Wrong and right attempts on one account; a right one clears the count. */
export const ofAccount = async (email: string): Promise<Limit> => ({
  // Hashed: what was typed into the field may be a password.
  subject: `account:${await hashOf(email)}`,
  most: 10,
});

/**
 * Attempts of a signed-in caller to prove the account's password: apart from those to sign in, or whoever tries to sign in
 * would keep the owner from changing it. An account's id needs no hash.
 */
export const ofOwnPassword = (userId: string): Limit => ({ subject: `own:${userId}`, most: 10 });

/** Attempts from one client; no limit where no trusted header names it. */
export const ofClient = (act: "login" | "register" | "setup", address: string | undefined): Limit[] =>
  address === undefined ? [] : [{ subject: `${act}:${address}`, most: act === "login" ? 60 : 20 }];
