/** The menu of a card, loaded when its button is first pressed (`MenuButton`): it opens at once. */
import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { Key } from "@solid-primitives/keyed";
import type { JSX } from "solid-js";
import { t } from "../../messages/library.ts";
import { Icon } from "../../ui/Icon.tsx";

export type MenuItem = { label: string; run: () => void; isLoss?: boolean };

/** As by keyboard: the first entry has the focus. */
function openAtOnce(button: HTMLElement): void {
  queueMicrotask(() => {
    button.focus();
    button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  });
}

export default function CardMenu(props: { title: string; items: readonly MenuItem[] }): JSX.Element {
  return (
    // Not modal: the page behind it stays in the accessibility tree, and what is pressed there acts.
    <DropdownMenu placement="bottom-end" gutter={4} modal={false}>
      <DropdownMenu.Trigger ref={openAtOnce} class="card-menu" aria-label={t("menuOf", props.title)}>
        <Icon name="more" size={18} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal mount={document.querySelector("main") ?? document.body}>
        <DropdownMenu.Content class="frame z-40 min-w-48 shadow-drop outline-none">
          {/* By label: a video that is read again keeps its entries, and the focus in them. */}
          <Key each={props.items} by="label">
            {(item) => (
              <DropdownMenu.Item
                class="label flex min-h-11 cursor-pointer items-center px-4 outline-none data-[highlighted]:bg-ink data-[highlighted]:text-paper"
                classList={{
                  "border-t-3 border-ink data-[highlighted]:bg-fail data-[highlighted]:text-black":
                    item().isLoss ?? false,
                }}
                onSelect={() => item().run()}
              >
                {item().label}
              </DropdownMenu.Item>
            )}
          </Key>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
