/** The counters of accounts are changed in one place. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..");
/** The columns of `users` that count (`db/schema/accounts`), assigned in an UPDATE. Triggers keep the others. */
const COUNTS =
  /\b(used_bytes|source_bytes|reserved_bytes|open_tickets|video_count|video_milliseconds)\s*=\s*[^=]/;
/** Statements that update `users`, up to the end of their assignments. */
const UPDATES = /UPDATE\s+users\s+(?:AS\s+\w+\s+)?SET([\s\S]*?)(?:\bWHERE\b|`|$)/g;

test("no other file of the edge API counts what accounts use", () => {
  const counting = globSync("**/*.ts", { cwd: SRC })
    .filter((file) => !file.endsWith(".test.ts"))
    .filter((file) =>
      [...readFileSync(join(SRC, file), "utf8").matchAll(UPDATES)].some(([, set]) => COUNTS.test(set ?? "")),
    );
  expect(counting.sort()).toEqual(["quota/compare.ts", "quota/counters.ts"]);
});
