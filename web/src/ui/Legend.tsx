/** What a pattern of a picture stands for. */
import type { JSX } from "solid-js";

export function Legend(props: { look: string; text: string }): JSX.Element {
  return (
    <span class="number flex items-center gap-2">
      <span aria-hidden="true" class={`size-4 border-3 border-ink ${props.look}`} />
      {props.text}
    </span>
  );
}
