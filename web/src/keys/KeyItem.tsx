/** A key in a list, with its deletion, which asks first. */
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { t as common } from "../messages/common.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DeletionFoot } from "../ui/form/DeletionFoot.tsx";

export function KeyItem(props: {
  name: string;
  /** On the button that asks; "Delete…" if left out. */
  deleteAsk?: string;
  /** Names the button for those who do not see where it stands. */
  deleteOf: string;
  deletionAsk: string;
  deletionEnds: string;
  deleteLabel: string;
  onDelete: () => Promise<unknown>;
  onDeleted: () => void;
  /** What there is to know of it. */
  children: JSX.Element;
  /** Under it, as wide as the item. */
  below?: JSX.Element;
}): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    await props.onDelete();
    setOpen(false);
    props.onDeleted();
  });
  return (
    <li class="grid items-start gap-3 border-3 border-ink p-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:gap-x-4">
      <div class="min-w-0">
        <strong class="wrap-anywhere" dir="auto">
          {props.name}
        </strong>
        {props.children}
      </div>
      <Show when={props.below}>
        <div class="sm:col-span-2">{props.below}</div>
      </Show>
      <button
        type="button"
        class="button button-fail justify-self-start sm:col-start-2 sm:row-start-1"
        aria-label={props.deleteOf}
        onClick={() => setOpen(true)}
      >
        {props.deleteAsk ?? common("deleteAsk")}
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title={props.deletionAsk}>
        <p class="text-title leading-snug font-bold wrap-anywhere" dir="auto">
          {props.name}
        </p>
        <p class="mt-3">{props.deletionEnds}</p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          label={props.deleteLabel}
          onDelete={() => remove.run()}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </li>
  );
}
