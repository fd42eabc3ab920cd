/** The theme: the system's until somebody chooses one; /theme.js applies the stored choice before the first paint. */
import { createSignal, onCleanup, onMount } from "solid-js";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "storagex.theme";
const [chosen, setChosen] = createSignal<Theme>("system");
const [isSystemDark, setSystemDark] = createSignal(false);

/** The stored choice, and what the page wears because of it. */
export { chosen as chosenTheme };
export const isDark = () => (chosen() === "system" ? isSystemDark() : chosen() === "dark");

/** Applies and stores a choice. */
export function chooseTheme(theme: Theme): void {
  setChosen(theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts for this page.
  }
}

/** The account's choice, when somebody has signed in; "system" leaves this browser its own. */
export function adoptTheme(theme: Theme): void {
  if (theme !== "system") chooseTheme(theme);
}

/** Reads the choice when the page hydrates and follows the system; call it in a component. */
export function followTheme(): void {
  onMount(() => {
    const set = document.documentElement.dataset.theme;
    setChosen(set === "dark" || set === "light" ? set : "system");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setSystemDark(dark.matches);
    follow();
    dark.addEventListener("change", follow);
    onCleanup(() => dark.removeEventListener("change", follow));
  });
}
