/** Deletion of one's own account: says what will be lost and asks for the password. */
import { useNavigate } from "@solidjs/router";
import { deleteAccountRequestSchema, type Me } from "@storagex/contract/account";
import { createSignal, type JSX } from "solid-js";
import { deleteAccount } from "../api/session.ts";
import { DeletionFoot } from "../ui/DeletionFoot.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { formatSize } from "../ui/format.ts";
import { PasswordField } from "./AccountFields.tsx";
import { createForm } from "./form.ts";

const GONE = "Removes every video with its source, and ends your sessions on all devices. There is no undo.";

export function DeleteAccount(props: { user: Me }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const navigate = useNavigate();
  const form = createForm(deleteAccountRequestSchema, async ({ password }) => {
    await deleteAccount(password);
    navigate("/login", { replace: true });
  });
  return (
    <section aria-labelledby="delete-title" class="grid gap-3 border-3 border-fail p-4">
      <h2 id="delete-title" class="text-base font-bold">
        Delete this account
      </h2>
      <p class="text-small">{GONE}</p>
      <button type="button" class="key key-fail justify-self-start" onClick={() => setOpen(true)}>
        Delete…
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Delete it?">
        <form novalidate onSubmit={form.submit}>
          <p class="text-title leading-snug font-bold break-all">{props.user.email}</p>
          <p class="mt-3 mb-5">
            {GONE} That frees {formatSize(props.user.storage.used)}.
          </p>
          <PasswordField form={form} />
          <DeletionFoot failure={form.failure()} busy={form.busy()} onKeep={() => setOpen(false)} />
        </form>
      </Dialog>
    </section>
  );
}
