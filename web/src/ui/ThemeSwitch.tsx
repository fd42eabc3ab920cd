/**
 * Light or dark: the system's choice until this is pressed; then stored (/theme.js reads it before the first
 * paint).
 */
import { createSignal, type JSX, onMount } from "solid-js";
import { Icon } from "./Icon.tsx";

type Theme = "light" | "dark";
const KEY = "storagex.theme";

export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = createSignal<Theme>();
  onMount(() => {
    const set = document.documentElement.dataset.theme;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    setTheme(set === "dark" || set === "light" ? set : system);
  });
  const turn = () => {
    const next: Theme = theme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    setTheme(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Storage is blocked: the choice lasts for this page.
    }
  };
  const next = () => (theme() === "dark" ? "light" : "dark");
  return (
    <button
      type="button"
      class="grid size-11 place-items-center border-3 border-transparent hover:border-ink"
      aria-label={`Turn ${next()}`}
      title={`Turn ${next()}`}
      onClick={turn}
    >
      <Icon name={theme() === "dark" ? "sun" : "moon"} size={18} />
    </button>
  );
}
