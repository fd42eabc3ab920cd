/** Access check of the SQL endpoint: the connection string must name the same user, database and password. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Makes the check for one database URL. It ignores hosts: they differ inside and outside a container. */
export function accessCheck(databaseUrl: string): (connectionString: string | undefined) => boolean {
  const expected = digestOf(databaseUrl);
  /** Digest of the connection string that was accepted last: a Worker always sends the same one. */
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

/** Digests have equal length, so the comparison takes the same time for every input. */
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
