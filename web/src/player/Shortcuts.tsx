/** The player's keys, over the picture; also in full screen. */
import { For, type JSX, onCleanup, onMount } from "solid-js";
import { t } from "../messages/player.ts";
import { Icon } from "../ui/Icon.tsx";

const SHORTCUTS = [
  [["space", "K"], "play"],
  [["J", "←"], "back"],
  [["L", "→"], "forward"],
  [["0", "–", "9"], "goTo"],
  [["↑", "↓"], "volume"],
  [["M"], "mute"],
  [["C"], "captions"],
  [["<", ">"], "speed"],
  [["T"], "theatre"],
  [["F"], "fullScreen"],
  [["I"], "pip"],
  [["?"], "list"],
] as const;

export function Shortcuts(props: { onClose: () => void }): JSX.Element {
  let close: HTMLButtonElement | undefined;
  onMount(() => {
    const before = document.activeElement;
    close?.focus();
    onCleanup(() => before instanceof HTMLElement && before.focus());
  });
  return (
    <div role="dialog" aria-label={t("shortcuts")} class="player-sheet" tabindex="-1">
      <div class="flex items-center justify-between gap-4">
        <h2 class="label text-base">{t("keyboard")}</h2>
        <button
          ref={close}
          type="button"
          class="player-button"
          aria-label={t("closeList")}
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl class="player-shortcuts">
        <For each={SHORTCUTS}>
          {([keys, does]) => (
            <div>
              <dt class="number">
                <For each={keys}>
                  {(key) =>
                    key === "–" ? (
                      <span>–</span>
                    ) : (
                      <kbd class="player-kbd">{key === "space" ? t("space") : key}</kbd>
                    )
                  }
                </For>
              </dt>
              <dd>{t("does")[does]}</dd>
            </div>
          )}
        </For>
      </dl>
    </div>
  );
}
