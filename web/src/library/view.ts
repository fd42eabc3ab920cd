/** Grid or list, as last chosen in this browser. */
import { createSignal, onMount } from "solid-js";

export type View = "grid" | "list";
const KEY = "storagex.view";

const [view, setView] = createSignal<View>("grid");

export { view };

/** Read once the page lives: the server draws the grid. */
export function followView(): void {
  onMount(() => {
    try {
      if (localStorage.getItem(KEY) === "list") setView("list");
    } catch {
      // Storage is blocked: the grid.
    }
  });
}

export function chooseView(next: View): void {
  setView(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The choice lasts for this page.
  }
}
