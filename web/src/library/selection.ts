/** Which videos of the library are selected. */
import { createSignal } from "solid-js";

export type Selection = {
  ids: () => ReadonlySet<string>;
  has: (id: string) => boolean;
  /** Selects or unselects one; with `isRange` everything between it and the last one. */
  toggle: (id: string, isRange?: boolean) => void;
  clear: () => void;
};

/** `order` are the ids as shown. */
export function createSelection(order: () => readonly string[]): Selection {
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  let last: string | undefined;
  // What is gone from the list, deleted or filtered out, is not acted on unseen.
  const ids = () => {
    const shown = new Set(order());
    return new Set([...chosen()].filter((id) => shown.has(id)));
  };
  return {
    ids,
    has: (id) => chosen().has(id),
    toggle(id, isRange = false) {
      const next = new Set(ids());
      const all = order();
      const from = last === undefined ? -1 : all.indexOf(last);
      const to = all.indexOf(id);
      if (isRange && from >= 0 && to >= 0)
        for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
      else if (!next.delete(id)) next.add(id);
      last = id;
      setChosen(next);
    },
    clear: () => setChosen(new Set<string>()),
  };
}
