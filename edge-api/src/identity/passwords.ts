/**
 * Passwords: bcrypt at cost 10, which takes a Worker's one thread about 110 ms, in slices between which others have their turn.
 * Its inputs are bounded by contract.
 */
import bcrypt from "bcryptjs";

const COST = 10;
/** Rounds of one slice: some four milliseconds. */
const SLICE = 32;
/** Milliseconds; more than bcryptjs computes without a pause. */
const LONG = 1_000;
/** Of a password that nobody knows: an unknown user costs the same time as a wrong password. */
const NOBODYS = "$2b$10$fqo5vgZsHbmFLY/NsuENp.yJhxfNCoQnpEfZ1aJ51Ho2RmuDAGt6e";

/**
 * Hashes a password of at most 72 bytes without NUL (contract's `newPasswordSchema` holds both). Rejects with a
 * RangeError for any other.
 */
export async function hashPassword(password: string): Promise<string> {
  if (!isHashable(password)) throw new RangeError("the password is over 72 bytes or holds NUL");
  return hashInSlices(password, bcrypt.genSaltSync(COST));
}

/** Whether the password is the one; `hash` undefined means no such user, and takes as long. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  // bcrypt would read only the first 72 bytes: a longer one is never right, and still costs the time.
  const given = isHashable(password) ? password : "";
  const known = hash ?? NOBODYS;
  // The hash begins with the salt that it was made with. One of another length, as a deleted account has, is nobody's.
  const isSame =
    known.length === NOBODYS.length && sameText(await hashInSlices(given, known.slice(0, 29)), known);
  return isSame && hash !== undefined && isHashable(password);
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
 * bcryptjs calls this before each slice, then asks the clock at the slice's begin and after each round, and pauses when it
 * has computed for long. A Worker's clock stands still while it computes, so that it never would: for these calls, which
 * nothing can come between, the clock counts rounds. What is left at the end is too short to be cut, and leaves the clock alone.
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

/** Constant time for texts of one length. */
function sameText(a: string, b: string): boolean {
  let differs = a.length ^ b.length;
  for (let at = 0; at < a.length; at += 1) differs |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return differs === 0;
}

function isHashable(password: string): boolean {
  return new TextEncoder().encode(password).length <= 72 && !password.includes("\0");
}
