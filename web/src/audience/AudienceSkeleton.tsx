/** What shows until the audience is read: as high as its charts begin, so that little moves. */
import type { JSX } from "solid-js";
import { t } from "../messages/audience.ts";

export function AudienceSkeleton(): JSX.Element {
  return (
    <>
      <p class="sr-only">{t("loading")}</p>
      <div class="hatch h-80 border-3 border-ink" aria-hidden="true" />
    </>
  );
}
