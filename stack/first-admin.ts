/** The first admin: from the settings, or by a link that works once. */
import type { Blueprint } from "./blueprint.ts";
import type { Config } from "./config.ts";
import { runOneShot } from "./one-shot.ts";
import { inClone } from "./paths.ts";

/** Makes the admin that the settings name, or says the setup link as long as there is no admin. */
export async function announceAdmin(
  { databaseUrl, publicUrl }: Pick<Blueprint, "databaseUrl" | "publicUrl">,
  config: Pick<Config, "STORAGEX_ADMIN_EMAIL" | "STORAGEX_ADMIN_PASSWORD">,
  say: (line: string) => void,
): Promise<void> {
  const { STORAGEX_ADMIN_EMAIL: email, STORAGEX_ADMIN_PASSWORD: password } = config;
  const printed = await runOneShot(inClone("edge-api", "ops", "admin.ts"), ["first-admin"], {
    DATABASE_URL: databaseUrl,
    STORAGEX_PUBLIC_URL: publicUrl,
    ...(email && password ? { STORAGEX_ADMIN_EMAIL: email, STORAGEX_ADMIN_PASSWORD: password } : {}),
  });
  const link = /^setup:\s*(\S+)/m.exec(printed)?.[1];
  if (link) say(`Make the first admin account (the link works once): ${link}`);
}
