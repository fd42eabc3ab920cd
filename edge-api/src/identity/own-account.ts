/** One's own account: how it is shown, and what its owner may change of it. */
import type { Me, UpdateMe } from "@storagex/contract/accounts/account";
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { searchTextOf } from "../db/lists/search-text.ts";
import { json, oneLine } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import type { Account } from "./caller.ts";

/** The account as `GET /v1/me` shows it. */
export function toMe({ config }: Edge, account: Account): Me {
  const {
    used,
    reserved,
    theme,
    language,
    quotaBytes,
    quotaMinutes: quota,
    milliseconds,
    ...shown
  } = account;
  return {
    ...shown,
    theme: theme ?? "system",
    language: language ?? "system",
    storage: { used, reserved },
    quotaBytes: (quotaBytes ?? config.STORAGEX_QUOTA_BYTES) || null,
    minutes: quota ? { stored: milliseconds / 60_000, quota } : null,
    profiles: config.STORAGEX_PROFILES,
    maxUploadBytes: config.STORAGEX_MAX_UPLOAD_BYTES,
  };
}

/** Returns the changed account. Throws `request.invalid` if no visible character is left of the name. */
export async function changeOwnAccount({ db }: Edge, account: Account, changes: UpdateMe): Promise<Account> {
  const name = changes.name === undefined ? account.name : oneLine(changes.name);
  if (name === "")
    throw problem("request.invalid", { errors: [{ path: "name", message: "holds nothing to show" }] });
  const { theme = account.theme, language = account.language, profile = account.profile } = changes;
  await db.execute(sql`UPDATE users SET name = ${name}, search_text = ${searchTextOf([account.email, name ?? ""])},
      theme = ${theme}, language = ${language}, profile = ${profile && json(profile)}
    WHERE id = ${account.id} AND deleted_at IS NULL`);
  return { ...account, name, theme, language, profile };
}
