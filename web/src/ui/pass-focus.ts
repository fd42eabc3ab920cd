/** Keeps the focus when the row that has it is removed. */
import { onCleanup } from "solid-js";

/**
 * When `row` is removed while the focus is in it, the button of the row that takes its place gets the focus;
 * where there is none, `otherwise`. Call it in the row's component.
 */
export function passFocus(
  row: () => HTMLElement | undefined,
  otherwise: () => HTMLElement | undefined,
): void {
  onCleanup(() => {
    const gone = row();
    if (!gone?.contains(document.activeElement)) return;
    const next = [gone.nextElementSibling, gone.previousElementSibling];
    // The list is changed right after this.
    queueMicrotask(() => {
      const button = next.find((each) => each?.isConnected)?.querySelector("button");
      (button ?? otherwise())?.focus();
    });
  });
}

/** The form's first field with a complaint gets the focus, once the complaint is shown. */
export function focusFirstWrong(form: HTMLFormElement | undefined): void {
  queueMicrotask(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
