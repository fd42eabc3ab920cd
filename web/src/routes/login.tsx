/** `/login`. */
import { A, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EmailField, EntryForm, FormFoot, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { SessionEnded } from "../account/SessionEnded.tsx";
import { login } from "../api/session.ts";
import { t } from "../messages/entry.ts";

export default function Login(): JSX.Element {
  const form = createForm(
    () => import("@storagex/contract/accounts/account").then((all) => all.loginRequestSchema),
    login,
  );
  const [search] = useSearchParams();
  const register = () =>
    typeof search.next === "string" ? `/register?next=${encodeURIComponent(search.next)}` : "/register";
  return (
    <AccountPage title={t("signIn")} lines={t("signInLines")}>
      <SessionEnded isSentHere={typeof search.next === "string"} />
      <EntryForm form={form}>
        <EmailField form={form} />
        <PasswordField form={form} />
        <FormFoot form={form} send={t("signIn")} sending={t("signingIn")} />
      </EntryForm>
      <p class="mt-6">
        {`${t("newHere")} `}
        <A href={register()} class="font-bold underline decoration-3 underline-offset-4">
          {t("createAccount")}
        </A>
      </p>
      <details class="mt-2">
        <summary class="cursor-pointer py-2.5 font-bold underline decoration-3 underline-offset-4">
          {t("forgotten")}
        </summary>
        <p class="mt-1">
          {t("forgottenHelp", <code class="number break-all">npm run admin -- reset-password EMAIL</code>)}
        </p>
      </details>
    </AccountPage>
  );
}
