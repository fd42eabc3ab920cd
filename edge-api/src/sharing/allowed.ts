/** What the operator allows to be shown to others (`STORAGEX_SHARING`). */
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";

/** `public`: videos that anybody may find. `link`: shares, and sites with viewer tokens. */
export type Sharing = "public" | "link";

export function isAllowed({ sharing }: Pick<Config, "sharing">, kind: Sharing): boolean {
  return sharing === "all" || (sharing === "shares" && kind === "link");
}

/** Throws `sharing.not_allowed`. */
export function requireSharing(config: Config, kind: Sharing): void {
  if (!isAllowed(config, kind)) throw problem("sharing.not_allowed");
}
