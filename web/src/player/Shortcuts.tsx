/** The player's keys, over the picture; also in full screen. */
import { For, type JSX, onCleanup, onMount } from "solid-js";
import { Icon } from "../ui/Icon.tsx";

const SHORTCUTS = [
  [["Space", "K"], "play or pause"],
  [["J", "←"], "back 10 seconds"],
  [["L", "→"], "forward 10 seconds"],
  [["0", "–", "9"], "go to 0%–90%"],
  [["↑", "↓"], "volume"],
  [["M"], "mute"],
  [["C"], "captions"],
  [["<", ">"], "slower, faster"],
  [["T"], "theatre"],
  [["F"], "full screen"],
  [["I"], "picture in picture"],
  [["?"], "this list"],
] as const;

export function Shortcuts(props: { onClose: () => void }): JSX.Element {
  let close: HTMLButtonElement | undefined;
  onMount(() => {
    const before = document.activeElement;
    close?.focus();
    onCleanup(() => before instanceof HTMLElement && before.focus());
  });
  return (
    <div role="dialog" aria-label="Keyboard shortcuts" class="player-sheet" tabindex="-1">
      <div class="flex items-center justify-between gap-4">
        <h2 class="label text-base">Keyboard</h2>
        <button
          ref={close}
          type="button"
          class="player-key"
          aria-label="Close the list"
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
                  {(key) => (key === "–" ? <span>–</span> : <kbd class="player-kbd">{key}</kbd>)}
                </For>
              </dt>
              <dd>{does}</dd>
            </div>
          )}
        </For>
      </dl>
    </div>
  );
}
