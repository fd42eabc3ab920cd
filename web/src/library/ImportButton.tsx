/** Beside the button that chooses files: one for a video that lies at an address. */
import type { JSX } from "solid-js";
import { t } from "../messages/library.ts";
import { ask } from "../upload/questions.ts";

export const ImportButton = (): JSX.Element => (
  <button type="button" class="key" aria-haspopup="dialog" onClick={() => ask({ kind: "import" })}>
    {t("importFrom")}
  </button>
);
