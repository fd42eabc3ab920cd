/** Turns the page from light to dark and back. The account page also offers the system's own theme. */
import type { JSX } from "solid-js";
import { t } from "../../messages/shell.ts";
import { Icon } from "../Icon.tsx";
import { chooseTheme, followTheme, isDark, type Theme } from "./theme.ts";

export function ThemeSwitch(props: { onChoose: (theme: Theme) => void }): JSX.Element {
  followTheme();
  const next = () => (isDark() ? "light" : "dark");
  const says = () => t(isDark() ? "useLight" : "useDark");
  return (
    <button
      type="button"
      class="grid size-11 shrink-0 place-items-center border-3 border-ink hover:bg-signal hover:text-black"
      aria-label={says()}
      title={says()}
      onClick={() => {
        const theme = next();
        chooseTheme(theme);
        props.onChoose(theme);
      }}
    >
      <Icon name={isDark() ? "sun" : "moon"} size={18} />
    </button>
  );
}
