/** `/setup?token=`: the first administrator, by the one-time link that `npm start` printed. */
import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { EmailField, EntryForm, FormFoot, NameField, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { setUp } from "../api/session.ts";
import { t } from "../messages/entry.ts";
import { Reason } from "../ui/Reason.tsx";

export default function Setup(): JSX.Element {
  const [search] = useSearchParams();
  const token = () => (typeof search.token === "string" ? search.token : "");
  const form = createForm(
    () => import("@storagex/contract/accounts/account").then((all) => all.setupRequestSchema),
    setUp,
    () => ({ token: token() }),
  );
  return (
    <AccountPage title={t("setup")} lines={t("setupLines")}>
      <Show when={token()} fallback={<Reason message={t("setupTokenMissing")} code="setup.token_missing" />}>
        <EntryForm form={form}>
          <EmailField form={form} />
          <NameField form={form} />
          <PasswordField form={form} fresh />
          <Show when={form.complaints().token}>
            <Reason message={t("setupLinkCut")} code="setup.token_invalid" />
          </Show>
          <FormFoot form={form} send={t("createAdministrator")} sending={t("creatingAdministrator")} />
        </EntryForm>
      </Show>
    </AccountPage>
  );
}
