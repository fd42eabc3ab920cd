/** Facts in rows and columns; on a phone each row becomes lines of label and value. */
import { For, type JSX, Show } from "solid-js";

type FactTableProps = {
  caption: string;
  heads: readonly string[];
  /** Columns of words, from the left; the others hold numbers, which stand to the right. */
  words?: number;
  /** Cells in the order of the column heads; the first one names its row. */
  rows: readonly (readonly JSX.Element[])[];
};

export function FactTable(props: FactTableProps): JSX.Element {
  return (
    <table class="w-full border-3 border-ink max-md:block">
      <caption class="sr-only">{props.caption}</caption>
      <thead class="label bg-ink text-left text-paper max-md:sr-only">
        <tr>
          <For each={props.heads}>
            {(head, at) => (
              <th scope="col" class="p-3" classList={{ "text-right": at() >= (props.words ?? 1) }}>
                {head}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody class="max-md:block">
        <For each={props.rows}>
          {(cells) => (
            <tr class="border-t-3 border-ink first:border-t-0 max-md:block max-md:p-3">
              <For each={cells}>
                {(cell, at) => (
                  <Cell
                    head={props.heads[at()] ?? ""}
                    isFirst={at() === 0}
                    isNumber={at() >= (props.words ?? 1)}
                    value={cell}
                  />
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

const CELL = "number p-3 max-md:grid max-md:grid-cols-[1fr_auto] max-md:gap-3 max-md:px-0 max-md:py-1";

function Cell(props: { head: string; isFirst: boolean; isNumber: boolean; value: JSX.Element }): JSX.Element {
  const content = () => (
    <>
      <Show when={!props.isFirst}>
        <span class="text-left font-sans text-small text-mute md:hidden">{props.head}</span>
      </Show>
      <span>{props.value}</span>
    </>
  );
  return props.isFirst ? (
    <th scope="row" class={`${CELL} text-left font-bold`}>
      {content()}
    </th>
  ) : (
    <td class={CELL} classList={{ "text-right": props.isNumber }}>
      {content()}
    </td>
  );
}
