/** A title, a file name or an e-mail address, which rather breaks after an underscore or an @ than anywhere. */
import { For, type JSX } from "solid-js";

export function Breakable(props: { text: string }): JSX.Element {
  return (
    <For each={props.text.split(/(?<=[_@])/)}>
      {(part) => (
        <>
          {part}
          <wbr />
        </>
      )}
    </For>
  );
}
