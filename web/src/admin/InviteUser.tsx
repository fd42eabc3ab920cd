/** Invites somebody: their address, name and role; then the link to send them. */

import { createSignal, type JSX, Show } from "solid-js";
import { EmailField, FormFoot, NameField } from "../account/AccountFields.tsx";
import { createForm } from "../account/form.ts";
import { queryClient } from "../api/cache.ts";
import { inviteUser } from "../api/calls/users.ts";
import { t } from "../messages/admin.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { OneTimeLink } from "./OneTimeLink.tsx";

const schema = () => import("@storagex/contract/accounts/account").then((all) => all.inviteRequestSchema);

export function InviteUser(): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const [made, setMade] = createSignal<{ url: string; expiresAt: string; email: string }>();
  const form = createForm(schema, async (body) => {
    const { url, expiresAt, user } = await inviteUser(body);
    setMade({ url, expiresAt, email: user.email });
    await queryClient.invalidateQueries({ queryKey: ["admin-users"] });
  });
  const show = (isOpen: boolean) => {
    setOpen(isOpen);
    if (isOpen) setMade(undefined);
  };
  return (
    <>
      <button type="button" class="button button-signal" onClick={() => show(true)}>
        {t("invite")}
      </button>
      <Dialog open={open()} onOpenChange={show} title={t(made() ? "invitation" : "inviteSomebody")}>
        <Show
          when={made()}
          fallback={
            <form class="grid gap-5" novalidate onSubmit={form.submit}>
              <EmailField form={form} autocomplete="off" />
              <NameField form={form} autocomplete="off" />
              <label class="grid gap-2">
                <span class="label">{t("role")}</span>
                <select name="role" class="frame field label select min-h-12 w-full">
                  <option value="user">{t("user")}</option>
                  <option value="admin">{t("roleAdmin")}</option>
                </select>
              </label>
              <FormFoot form={form} send={t("createInvitation")} sending={t("creatingInvitation")} />
            </form>
          }
        >
          {(link) => (
            <>
              <p class="mb-3 text-title leading-snug font-bold break-all">{link().email}</p>
              <OneTimeLink url={link().url} expiresAt={link().expiresAt} label={t("invitationLink")} />
            </>
          )}
        </Show>
      </Dialog>
    </>
  );
}
