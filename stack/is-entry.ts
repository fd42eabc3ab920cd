/**
 * Whether Node was started with this module. `import.meta.main` needs Node 24.2, and macOS on ARM gets 24.0.
 */
import { realpathSync } from "node:fs";

/** Answers for the module whose `import.meta` is given. */
export function isEntry({ filename }: ImportMeta): boolean {
  const [, entry] = process.argv;
  return entry !== undefined && realpathSync(entry) === filename;
}
