/** Beside the button that chooses files: how else a video comes here, from a URL or from somebody else. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/library.ts";
import { ask } from "../upload/questions.ts";

export const ImportButton = (): JSX.Element => (
  <button type="button" class="button" aria-haspopup="dialog" onClick={() => ask({ kind: "import" })}>
    {common("importFromUrl")}
  </button>
);

export const UploadLinksLink = (): JSX.Element => (
  <A href="/upload-links" class="button">
    {t("uploadLinks")}
  </A>
);
