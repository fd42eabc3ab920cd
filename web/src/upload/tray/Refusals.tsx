/** Why files were not taken. */
import { For, type JSX, Show } from "solid-js";
import { t } from "../../messages/upload.ts";
import { Icon } from "../../ui/Icon.tsx";
import { clearRefusals, refusals } from "../choose/choose-files.ts";

export function Refusals(): JSX.Element {
  return (
    <Show when={refusals().length > 0}>
      <div
        role="alert"
        class="flex items-start justify-between gap-3 border-b-3 border-ink bg-fail pl-3 text-black"
      >
        <ul class="grid gap-1 py-3 text-small font-bold">
          <For each={refusals()}>
            {(sentence) => (
              <li dir="auto" class="wrap-anywhere">
                {sentence}
              </li>
            )}
          </For>
        </ul>
        <button
          type="button"
          class="grid size-11 shrink-0 place-items-center"
          aria-label={t("closeMessage")}
          onClick={clearRefusals}
        >
          <Icon name="close" />
        </button>
      </div>
    </Show>
  );
}
