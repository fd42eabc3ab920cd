/** A valid configuration, for tests of code that only reads it. */
import { type Config, readConfig } from "../config.ts";

type Bindings = Parameters<typeof readConfig>[0];

/** A signing key that is never used to sign. */
export const signingKey = (kid: string, d: string) => ({ kty: "EC", crv: "P-256", kid, x: "x", y: "y", d });

/** The minimum that the Worker needs, plus `more`. */
export function configWith(more: Bindings = {}): Config {
  return readConfig({
    DATABASE_URL: "postgresql://u:p@h:5432/d",
    S3_ENDPOINT: "http://127.0.0.1:9000",
    S3_BUCKET: "storagex",
    S3_ACCESS_KEY_ID: "k",
    S3_SECRET_ACCESS_KEY: "s",
    STORAGEX_PUBLIC_URL: "http://127.0.0.1:3000",
    STORAGEX_SIGNING_KEYS: JSON.stringify({ keys: [signingKey("k", "d")] }),
    BRIDGE_URL: "http://127.0.0.1:9",
    STORAGEX_WORKER_CREDENTIALS: `w:${"0".repeat(64)}`,
    ...more,
  });
}
