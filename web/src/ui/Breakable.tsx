/** A title or file name, which rather breaks after an underscore than anywhere. */
import { For, type JSX } from "solid-js";

export function Breakable(props: { text: string }): JSX.Element {
  return (
    <For each={props.text.split(/(?<=_)/)}>
      {(part) => (
        <>
          {part}
          <wbr />
        </>
      )}
    </For>
  );
}
