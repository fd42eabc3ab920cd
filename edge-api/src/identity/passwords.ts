/** Passwords: bcrypt at cost 10, which takes a Worker's one thread about 110 ms. Its inputs are bounded by contract. */
import bcrypt from "bcryptjs";

const COST = 10;
/** Of a password that nobody knows: an unknown user costs the same time as a wrong password. */
const NOBODYS = "$2b$10$fqo5vgZsHbmFLY/NsuENp.yJhxfNCoQnpEfZ1aJ51Ho2RmuDAGt6e";

/** Hashes a password of at most 72 bytes without NUL (contract's `newPasswordSchema` holds both). */
export function hashPassword(password: string): string {
  if (!isHashable(password)) throw new RangeError("the password is over 72 bytes or holds NUL");
  return bcrypt.hashSync(password, COST);
}

/** Whether the password is the one; `hash` undefined means no such user, and takes as long. */
export function isPassword(password: string, hash: string | undefined): boolean {
  // bcrypt would read only the first 72 bytes: a longer one is never right, and still costs the time.
  const given = isHashable(password) ? password : "";
  const matches = bcrypt.compareSync(given, hash ?? NOBODYS);
  return matches && hash !== undefined && isHashable(password);
}

function isHashable(password: string): boolean {
  return new TextEncoder().encode(password).length <= 72 && !password.includes("\0");
}
