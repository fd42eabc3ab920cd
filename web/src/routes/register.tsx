/** `/register`. */
import { A, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EmailField, EntryForm, FormFoot, NameField, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { register } from "../api/session.ts";
import { t } from "../messages/entry.ts";

export default function Register(): JSX.Element {
  const form = createForm(
    () => import("@storagex/contract/accounts/account").then((all) => all.registerRequestSchema),
    register,
  );
  const [search] = useSearchParams();
  const login = () =>
    typeof search.next === "string" ? `/login?next=${encodeURIComponent(search.next)}` : "/login";
  return (
    <AccountPage title={t("createAccount")} steps lines={t("createLines")}>
      <EntryForm form={form}>
        <EmailField form={form} />
        <NameField form={form} />
        <PasswordField form={form} fresh />
        <FormFoot form={form} send={t("createAccount")} sending={t("creatingAccount")} />
      </EntryForm>
      <p class="mt-6">
        {`${t("haveAccount")} `}
        <A href={login()} class="font-bold underline decoration-3 underline-offset-4">
          {t("signIn")}
        </A>
      </p>
    </AccountPage>
  );
}
