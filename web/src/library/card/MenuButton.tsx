/** The button of a card's menu. The menu's own script is loaded when somebody comes near it. */
import { createSignal, type JSX, lazy, Show } from "solid-js";
import { t } from "../../messages/library.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { MenuItem } from "./CardMenu.tsx";

const CardMenu = lazy(() => import("./CardMenu.tsx"));

export function MenuButton(props: { title: string; items: readonly MenuItem[] }): JSX.Element {
  const [wanted, setWanted] = createSignal(false);
  // That it did not come is said above the page.
  const load = () => CardMenu.preload().catch(() => undefined);
  const open = async () => {
    if (await load()) setWanted(true);
  };
  return (
    <Show
      when={wanted()}
      fallback={
        <button
          type="button"
          class="card-menu"
          aria-label={t("menuOf", props.title)}
          aria-haspopup="menu"
          aria-expanded="false"
          onPointerEnter={() => void load()}
          onFocus={() => void load()}
          onClick={() => void open()}
        >
          <Icon name="more" size={18} />
        </button>
      }
    >
      <CardMenu title={props.title} items={props.items} />
    </Show>
  );
}
