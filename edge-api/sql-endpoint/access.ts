/** Who may send SQL: only a caller whose connection string names the same user, database and password. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Makes the check for one database URL; hosts are not compared, they differ inside and outside a container. */
export function accessCheck(databaseUrl: string): (connectionString: string | undefined) => boolean {
  const expected = digestOf(databaseUrl);
  return (connectionString) => {
    if (connectionString === undefined || !URL.canParse(connectionString)) return false;
    return timingSafeEqual(digestOf(connectionString), expected);
  };
}

/** Digests have one length, so the comparison takes one time whatever was sent. */
function digestOf(connectionString: string): Buffer {
  const { username, password, pathname } = new URL(connectionString);
  const parts = [username, password, pathname].map(decoded);
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
