/** The options of a select, each a value and its name. */
import { For, type JSX } from "solid-js";

export function Options(props: {
  of: readonly (readonly [value: string, name: string])[];
  chosen: string;
}): JSX.Element {
  return (
    <For each={props.of}>
      {([value, name]) => (
        <option value={value} selected={value === props.chosen}>
          {name}
        </option>
      )}
    </For>
  );
}
