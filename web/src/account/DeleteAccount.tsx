/** Deletion of one's own account: says what will be lost and asks for the password. */
import { useNavigate } from "@solidjs/router";
import type { Me } from "@storagex/contract/accounts/account";
import { createSignal, type JSX } from "solid-js";
import { deleteAccount } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { t as common } from "../messages/common.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DeletionFoot } from "../ui/form/DeletionFoot.tsx";
import { formatSize } from "../ui/format.ts";
import { PasswordField } from "./AccountFields.tsx";
import { createForm } from "./form.ts";
import { Panel } from "./Panel.tsx";

const schema = () =>
  import("@storagex/contract/accounts/account").then((all) => all.deleteAccountRequestSchema);

export function DeleteAccount(props: { user: Me }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const navigate = useNavigate();
  const form = createForm(schema, async ({ password }) => {
    await deleteAccount(password);
    navigate("/login", { replace: true });
  });
  return (
    <Panel title={t("deletion")}>
      <div class="flex flex-wrap items-center justify-between gap-x-8 gap-y-4">
        <p class="max-w-prose">{t("gone")}</p>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          {common("deleteAsk")}
        </button>
      </div>
      <Dialog open={open()} onOpenChange={setOpen} title={t("deletionAsk")}>
        <form novalidate onSubmit={form.submit}>
          <p class="text-title leading-snug font-bold break-all">{props.user.email}</p>
          <p class="mt-3 mb-5">{`${t("gone")} ${t("frees", formatSize(props.user.storage.used))}`}</p>
          <PasswordField form={form} />
          <DeletionFoot
            failure={form.failure()}
            busy={form.busy()}
            label={t("deleteAccount")}
            onKeep={() => setOpen(false)}
          />
        </form>
      </Dialog>
    </Panel>
  );
}
