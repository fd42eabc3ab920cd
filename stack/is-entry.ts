/**
 * Whether Node was started with this module. `import.meta.main` needs Node 24.2, and macOS on ARM gets 24.0.
 */
import { realpathSync } from "node:fs";

/** Takes the `import.meta` of the module in question. */
export function isEntry({ filename }: ImportMeta): boolean {
  const [, entry] = process.argv;
  return entry !== undefined && realpathSync(entry) === filename;
}
