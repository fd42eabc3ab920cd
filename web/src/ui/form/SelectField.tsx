/** A labelled choice of a form. */
import { createUniqueId, type JSX } from "solid-js";
import { Options } from "./Options.tsx";

export function SelectField(props: {
  label: string;
  name: string;
  of: readonly (readonly [value: string, name: string])[];
  /** To begin with. */
  chosen: string;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {props.label}
      </label>
      <select id={id} name={props.name} class="frame field label select min-h-12 w-full">
        <Options of={props.of} chosen={props.chosen} />
      </select>
    </div>
  );
}
