/** Says that the server or the storage is away, and that everything goes on by itself. */
import { type JSX, Show } from "solid-js";
import { isStorageAway, reachable, tryNow, waiting } from "../../api/network.ts";
import { t } from "../../messages/upload.ts";
import { isSending } from "../store.ts";

export function NetworkNotice(): JSX.Element {
  const isAway = () => !reachable() || waiting() > 0;
  const what = () => (!reachable() ? "noConnection" : isStorageAway() ? "storageAway" : "serverAway");
  return (
    <div role="status">
      <Show when={isAway()}>
        <div class="arrive flex items-center justify-between gap-3 border-3 border-ink bg-ink p-3 text-paper">
          <p class="font-bold">
            {t(what())}
            {t(isSending() ? "goesOn" : "tryingAgain")}
          </p>
          <button
            type="button"
            class="label min-h-11 shrink-0 border-3 border-paper px-3 focus-visible:outline-paper"
            onClick={tryNow}
          >
            {t("tryNow")}
          </button>
        </div>
      </Show>
    </div>
  );
}
