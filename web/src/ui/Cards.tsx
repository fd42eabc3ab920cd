/** Cards side by side: three columns, two, one. */
import type { JSX } from "solid-js";

export function Cards(props: { children: JSX.Element }): JSX.Element {
  return <div class="grid gap-7 sm:grid-cols-2 lg:grid-cols-3">{props.children}</div>;
}
