/**
 * Password hashing: bcrypt at cost 10. It takes the Worker's only thread about 110 ms, so it runs in slices
 * between which other requests run. Contract limits its inputs.
 */

import bcrypt from "bcryptjs";
import { sameText } from "../../keys/same-text.ts";

const COST = 10;
/** Rounds per slice: about four milliseconds. */
const SLICE = 32;
/** Milliseconds; longer than bcryptjs computes without a pause. */
const LONG = 1_000;
/** The hash of a password that nobody knows: an unknown user takes the same time as a wrong password. */
const NOBODYS = "$2b$10$fqo5vgZsHbmFLY/NsuENp.yJhxfNCoQnpEfZ1aJ51Ho2RmuDAGt6e";

/**
 * Hashes a password of at most 72 bytes without NUL, as contract's `newPasswordSchema` requires. Rejects with
 * a RangeError for any other.
 */
export async function hashPassword(password: string): Promise<string> {
  if (!isHashable(password)) throw new RangeError("the password is over 72 bytes or holds NUL");
  return hashInSlices(password, bcrypt.genSaltSync(COST));
}

/** Whether the password is correct. Without a hash (unknown, invited, deleted) it never is, and that takes equally long. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  // bcrypt reads only the first 72 bytes. A longer password is always wrong, but must take the same time.
  const given = isHashable(password) ? password : "";
  const known = hash?.length === NOBODYS.length ? hash : NOBODYS;
  // A hash begins with its salt.
  const isSame = sameText(await hashInSlices(given, known.slice(0, 29)), known);
  return isSame && known === hash && isHashable(password);
}

function hashInSlices(password: string, salt: string): Promise<string> {
  const rounds = 2 ** Number(salt.slice(4, 6));
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, hash?: string) =>
      hash === undefined ? reject(error ?? new Error("there is no hash")) : resolve(hash);
    bcrypt.hash(password, salt, done, (progress) =>
      endSliceAfter(SLICE, Math.round((1 - progress) * rounds)),
    );
  });
}

/**
 * bcryptjs calls this before each slice. It then reads the clock at the start of the slice and after each
 * round, and pauses after a long computation. A Worker's clock stands still while it computes, so bcryptjs
 * would never pause. Therefore Date.now counts rounds during these calls, between which no other code can
 * run. The last slice is too short to be split, and the real clock stays in place.
 */
function endSliceAfter(slice: number, left: number): void {
  if (left <= slice) return;
  const clock = Date.now;
  const began = clock();
  let rounds = -1;
  Date.now = () => {
    rounds += 1;
    if (rounds < slice) return began;
    Date.now = clock;
    return began + LONG;
  };
}

function isHashable(password: string): boolean {
  return new TextEncoder().encode(password).length <= 72 && !password.includes("\0");
}
