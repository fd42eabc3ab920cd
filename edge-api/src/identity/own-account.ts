/** One's own account: how it is shown, and what its owner may change of it. */
import type { Me, UpdateMe } from "@storagex/contract/account";
import { sql } from "drizzle-orm";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { searchTextOf } from "../db/search-text.ts";
import { json, oneLine } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import type { Account } from "./caller.ts";

/** The account as `GET /v1/me` shows it. */
export function toMe(config: Config, { used, reserved, theme, ...account }: Account): Me {
  const { STORAGEX_PROFILES: profiles, STORAGEX_MAX_UPLOAD_BYTES: maxUploadBytes } = config;
  return { ...account, theme: theme ?? "system", storage: { used, reserved }, profiles, maxUploadBytes };
}

/** Returns the changed account. Throws `request.invalid` if no visible character is left of the name. */
export async function changeOwnAccount({ db }: Edge, account: Account, changes: UpdateMe): Promise<Account> {
  const name = changes.name === undefined ? account.name : oneLine(changes.name);
  if (name === "")
    throw problem("request.invalid", { errors: [{ path: "name", message: "holds nothing to show" }] });
  const { theme = account.theme, profile = account.profile } = changes;
  await db.execute(sql`UPDATE users SET name = ${name}, search_text = ${searchTextOf([account.email, name ?? ""])},
      theme = ${theme}, profile = ${profile && json(profile)}
    WHERE id = ${account.id} AND deleted_at IS NULL`);
  return { ...account, name, theme, profile };
}
