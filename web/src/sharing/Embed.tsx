/** The code that another site pastes, and the player as it will look there. */

import { embedCode } from "@storagex/contract/videos/embed-code";
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Show } from "solid-js";
import { t } from "../messages/sharing.ts";
import { CopyField } from "./CopyField.tsx";

/** `url` is the embed page; null where nobody can show it. `origins` are the sites that may frame it; empty: any. */
export function Embed(props: {
  url: string | null;
  origins: readonly string[];
  video: Video;
  /** Beside its button. */
  children?: JSX.Element;
}): JSX.Element {
  const [shows, setShows] = createSignal(false);
  return (
    <div class="grid gap-3">
      <div class="flex flex-wrap gap-3">
        <Show when={props.url !== null}>
          <button type="button" class="button" aria-expanded={shows()} onClick={() => setShows(!shows())}>
            {t("embed")}
          </button>
        </Show>
        {props.children}
      </div>
      <Show when={shows() && props.url}>
        {(url) => (
          <>
            <CopyField label={t("embedCode")} text={embedCode(url(), props.video)} />
            <Show
              when={props.origins.length === 0}
              fallback={
                <p class="text-small text-mute wrap-anywhere">{t("playsOnlyOn", props.origins.join(", "))}</p>
              }
            >
              <iframe
                src={new URL(url()).pathname}
                title={t("embedPreview")}
                class="aspect-video w-full border-3 border-ink"
              />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}
