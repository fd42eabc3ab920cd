/** Who may send SQL: only a caller whose connection string names the same user, database and password. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Makes the check for one database URL; hosts are not compared, they differ inside and outside a container. */
export function accessCheck(databaseUrl: string): (connectionString: string | undefined) => boolean {
  const expected = digestOf(databaseUrl);
  /** Of the text that was let in last: one Worker always sends the same. */
  let known: Buffer | undefined;
  return (connectionString) => {
    if (connectionString === undefined) return false;
    const given = sha256(connectionString);
    if (known && timingSafeEqual(given, known)) return true;
    if (!URL.canParse(connectionString)) return false;
    const mayEnter = timingSafeEqual(digestOf(connectionString), expected);
    if (mayEnter) known = given;
    return mayEnter;
  };
}

/** Digests have one length, so the comparison takes one time whatever was sent. */
function digestOf(connectionString: string): Buffer {
  const { username, password, pathname } = new URL(connectionString);
  const parts = [username, password, pathname].map(decoded);
  return sha256(JSON.stringify(parts));
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
