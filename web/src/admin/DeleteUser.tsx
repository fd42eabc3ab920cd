/** Deletion of an account by an admin: the dialog shows the address and what is stored for it. */
import type { AdminUser } from "@storagex/contract/accounts/account";
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { dropUser } from "../api/cache.ts";
import { adminDeleteUser } from "../api/calls/users.ts";
import { t } from "../messages/admin.ts";
import { t as common } from "../messages/common.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DeletionFoot } from "../ui/form/DeletionFoot.tsx";
import { formatSize } from "../ui/format.ts";

export function DeleteUser(props: { user: AdminUser; onDeleted: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    await adminDeleteUser(props.user.id);
    setOpen(false);
    props.onDeleted();
    dropUser();
  });
  return (
    <>
      <button
        type="button"
        class="button button-fail"
        aria-label={t("deleteOf", props.user.email)}
        onClick={() => setOpen(true)}
      >
        {common("deleteAsk")}
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title={t("deletionAsk")}>
        <p class="text-title leading-snug font-bold break-all">{props.user.email}</p>
        <p class="mt-3">{t("deletionEnds", props.user.videos, formatSize(props.user.storage.used))}</p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          label={t("deleteAccount")}
          onDelete={remove.run}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}
