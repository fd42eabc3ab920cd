/** German of pages without an account. */
import type { OpenAreas } from "../areas.ts";
import { common } from "./common.ts";
import { entry } from "./entry.ts";
import { lost } from "./lost.ts";
import { shell } from "./shell.ts";

export default { common, entry, lost, shell } satisfies OpenAreas;
