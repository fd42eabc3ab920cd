/** Deletion of an account by an admin: the dialog shows the address and what is stored for it. */
import type { AdminUser } from "@storagex/contract/account";
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { dropUser } from "../api/cache.ts";
import { adminDeleteUser } from "../api/users.ts";
import { DeletionFoot } from "../ui/DeletionFoot.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { formatSize } from "../ui/format.ts";

export function DeleteUser(props: { user: AdminUser; onDeleted: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    await adminDeleteUser(props.user.id);
    setOpen(false);
    props.onDeleted();
    dropUser();
  });
  const videos = () => {
    const { videos: count, storage } = props.user;
    if (count === 0) return "";
    return ` with ${count === 1 ? "its video" : `all ${count} videos`} (${formatSize(storage.used)})`;
  };
  return (
    <>
      <button
        type="button"
        class="key key-fail"
        aria-label={`Delete ${props.user.email}`}
        onClick={() => setOpen(true)}
      >
        Delete…
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Delete this account?">
        <p class="text-title leading-snug font-bold break-all">{props.user.email}</p>
        <p class="mt-3">Removes the account{videos()}, and signs it out everywhere. There is no undo.</p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          label="Delete account"
          onDelete={remove.run}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}
