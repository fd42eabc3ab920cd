/** Facts as rows of label and value. */
import { For, type JSX } from "solid-js";

export function Rows(props: {
  rows: readonly (readonly [label: string, value: JSX.Element])[];
}): JSX.Element {
  return (
    <dl class="border-3 border-ink">
      <For each={props.rows}>
        {([label, value]) => (
          <div class="grid gap-x-4 border-t-3 border-ink px-3 py-2 first:border-t-0 sm:grid-cols-[160px_1fr]">
            <dt class="label self-center text-mute">{label}</dt>
            <dd class="number min-w-0 wrap-anywhere">{value}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}
