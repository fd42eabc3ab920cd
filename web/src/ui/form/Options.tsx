/** The options of a select, each a value and its name. */
import { Index, type JSX } from "solid-js";

export function Options(props: {
  of: readonly (readonly [value: string, name: string])[];
  chosen: string;
}): JSX.Element {
  return (
    <Index each={props.of}>
      {(option) => (
        <option value={option()[0]} selected={option()[0] === props.chosen}>
          {option()[1]}
        </option>
      )}
    </Index>
  );
}
