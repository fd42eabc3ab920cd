/** A labelled box for a setting that is stored elsewhere: it shows what is stored, not what was pressed. */
import type { JSX } from "solid-js";

export function Switch(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="flex min-h-11 items-center gap-3 font-bold">
      <input
        type="checkbox"
        class="check"
        checked={props.checked}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          event.currentTarget.checked = props.checked;
          props.onChange(wanted);
        }}
      />
      {props.label}
    </label>
  );
}
