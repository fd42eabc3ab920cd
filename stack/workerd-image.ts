/** Build step of the edge API's container image: bundle, dashboard and a config.capnp whose bindings come from the environment. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE, CLIENT } from "./build.ts";
import { workerdConfig } from "./workerd.ts";

/** Every text binding of the Worker; one that is not set stays unset, and /readyz says what it misses. */
export const TEXT_BINDINGS = [
  "DATABASE_URL",
  "SQL_ENDPOINT_URL",
  "S3_ENDPOINT",
  "S3_PUBLIC_ENDPOINT",
  "S3_REGION",
  "S3_BUCKET",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
  "STORAGEX_PUBLIC_URL",
  "STORAGEX_SIGNING_KEYS",
  "STORAGEX_REGISTRATION",
  "STORAGEX_INSECURE_HTTP",
  "BRIDGE_URL",
  "STORAGEX_WORKER_CREDENTIALS",
  "STORAGEX_MAX_UPLOAD_BYTES",
  "STORAGEX_QUOTA_BYTES",
  "STORAGEX_PROFILES",
  "STORAGEX_PART_URL_SECONDS",
  "STORAGEX_MEDIA_URL_SECONDS",
  "STORAGEX_WINDOW_SECONDS",
  "STORAGEX_CLIENT_ADDRESS_HEADER",
] as const;

/** Lays everything workerd serves into `folder`, which must be the same path in the image. */
async function layOutImage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(BUNDLE, join(folder, "bundle"), { recursive: true });
  await cp(CLIENT, join(folder, "client"), { recursive: true });
  const bindings = TEXT_BINDINGS.map((name) => `(name = "${name}", fromEnvironment = "${name}")`);
  const client = join(folder, "client");
  await writeFile(
    join(folder, "config.capnp"),
    await workerdConfig({ folder, client, address: "*:8787", bindings }),
  );
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("usage: workerd-image.ts FOLDER");
  await layOutImage(folder);
}
