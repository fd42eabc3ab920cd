/** Short notices after an act, with one act to answer it; each goes by itself. */
import { createSignal } from "solid-js";

export type Toast = { id: number; text: string; act?: { label: string; run: () => void } | undefined };

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);

export { toasts };

let last = 0;

/** Shows a notice; `act` is e.g. "Undo". */
export function toast(text: string, act?: Toast["act"]): void {
  last += 1;
  setToasts([...toasts(), { id: last, text, act }]);
}

export const clearToasts = (): void => void setToasts([]);

export const dismissToast = (id: number): void => void setToasts(toasts().filter((each) => each.id !== id));
