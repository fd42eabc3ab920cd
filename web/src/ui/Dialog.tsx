/**
 * A modal dialog. Focus stays inside; Escape and the cross close it. Then the focus goes back to where it was,
 * or to the content where that is gone.
 */
import { Dialog as Modal } from "@kobalte/core/dialog";
import type { JSX } from "solid-js";
import { Icon } from "./Icon.tsx";

export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: JSX.Element;
}): JSX.Element {
  let before: Element | null = null;
  const returnFocus = (event: Event) => {
    // By default it goes to the dialog's own trigger, and ours have none.
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    // A dialog around this one that closes with it has its turn first.
    setTimeout(() => {
      if (document.activeElement === document.body) document.getElementById("content")?.focus();
    });
  };
  return (
    <Modal open={props.open} onOpenChange={props.onOpenChange}>
      <Modal.Portal>
        <Modal.Overlay class="fixed inset-0 z-40 bg-black opacity-65" />
        <div class="fixed inset-0 z-50 grid place-items-center overflow-y-auto p-4">
          <Modal.Content
            class="frame arrive w-full max-w-lg p-5 shadow-drop md:p-8"
            onOpenAutoFocus={() => {
              before = document.activeElement;
            }}
            onCloseAutoFocus={returnFocus}
          >
            <div class="mb-4 flex items-start justify-between gap-4">
              <Modal.Title class="headline text-large">{props.title}</Modal.Title>
              <Modal.CloseButton class="grid size-11 shrink-0 place-items-center border-3 border-ink">
                <Icon name="close" size={16} />
              </Modal.CloseButton>
            </div>
            {props.children}
          </Modal.Content>
        </div>
      </Modal.Portal>
    </Modal>
  );
}
