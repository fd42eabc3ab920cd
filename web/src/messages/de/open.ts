/** German of pages without an account. */
import type { OpenAreas } from "../areas.ts";
import { common } from "./common.ts";
import { entry } from "./entry.ts";
import { shell } from "./shell.ts";

export default { common, entry, shell } satisfies OpenAreas;
