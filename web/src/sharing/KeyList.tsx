/** The playback keys of an account: name, id, age, and how to delete one. */
import type { PlaybackKey } from "@storagex/contract/sharing";
import { createSignal, For, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { deletePlaybackKey } from "../api/sharing.ts";
import { Ago } from "../ui/Ago.tsx";
import { DeletionFoot } from "../ui/DeletionFoot.tsx";
import { Dialog } from "../ui/Dialog.tsx";

export function KeyList(props: {
  keys: readonly PlaybackKey[];
  onDeleted: (id: string) => void;
}): JSX.Element {
  return (
    <section class="grid gap-4" aria-labelledby="keys">
      <h2 id="keys" class="text-title font-bold">
        Keys
      </h2>
      <ul class="grid gap-4">
        <For each={props.keys}>{(key) => <Item key={key} onDeleted={() => props.onDeleted(key.id)} />}</For>
      </ul>
    </section>
  );
}

function Item(props: { key: PlaybackKey; onDeleted: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    await deletePlaybackKey(props.key.id);
    setOpen(false);
    props.onDeleted();
  });
  return (
    <li class="flex flex-wrap items-center justify-between gap-3 border-3 border-ink p-4">
      <div class="min-w-0">
        <strong class="wrap-anywhere" dir="auto">
          {props.key.name}
        </strong>
        <p class="number wrap-anywhere text-mute">
          {props.key.id} · <Ago at={props.key.createdAt} />
        </p>
      </div>
      <button
        type="button"
        class="key key-fail"
        aria-label={`Delete the key ${props.key.name}…`}
        onClick={() => setOpen(true)}
      >
        Delete…
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Delete this key?">
        <p class="text-title leading-snug font-bold wrap-anywhere" dir="auto">
          {props.key.name}
        </p>
        <p class="mt-3">
          Every token that it has signed is refused at once, also for who is watching now. There is no undo.
        </p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          label="Delete key"
          onDelete={() => remove.run()}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </li>
  );
}
