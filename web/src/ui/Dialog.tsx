/** A modal dialog. Focus stays inside; Escape and the cross close it. */
import { Dialog as Modal } from "@kobalte/core/dialog";
import type { JSX } from "solid-js";
import { Icon } from "./Icon.tsx";

export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Modal open={props.open} onOpenChange={props.onOpenChange}>
      <Modal.Portal>
        <Modal.Overlay class="fixed inset-0 z-40 bg-paper opacity-85" />
        <div class="fixed inset-0 z-50 grid place-items-center overflow-y-auto p-4">
          <Modal.Content class="frame arrive w-full max-w-lg p-5 shadow-drop md:p-8">
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
