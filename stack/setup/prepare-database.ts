/** The schema, and the first admin: created from the settings, or by a link that works once. */
import type { Config } from "../config.ts";
import { inClone } from "../paths.ts";
import { runOneShot } from "../supervise/one-shot.ts";
import type { Blueprint } from "./blueprint.ts";

const SAID_EVERY_MS = 10_000;

/**
 * Migrates the schema and creates the admin that the settings name; otherwise returns the setup link while
 * there is no admin. However long it takes: `print` gets a line now and then.
 */
export async function prepareDatabase(
  { databaseUrl, publicUrl }: Pick<Blueprint, "databaseUrl" | "publicUrl">,
  config: Pick<Config, "STORAGEX_ADMIN_EMAIL" | "STORAGEX_ADMIN_PASSWORD">,
  print: (line: string) => void,
  everyMs = SAID_EVERY_MS,
): Promise<string | undefined> {
  const { STORAGEX_ADMIN_EMAIL: email, STORAGEX_ADMIN_PASSWORD: password } = config;
  const began = Date.now();
  const saying = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    print(
      `The database's schema is still being brought up to date (${seconds} s): large tables take a while`,
    );
  }, everyMs);
  try {
    const printed = await runOneShot(inClone("edge-api", "ops", "prepare.ts"), [], {
      DATABASE_URL: databaseUrl,
      STORAGEX_PUBLIC_URL: publicUrl,
      ...(email && password ? { STORAGEX_ADMIN_EMAIL: email, STORAGEX_ADMIN_PASSWORD: password } : {}),
    });
    return /^setup:\s*(\S+)/m.exec(printed)?.[1];
  } finally {
    clearInterval(saying);
  }
}
