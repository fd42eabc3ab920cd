/** `/register`. */
import { A, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EmailField, FormFoot, NameField, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { register } from "../api/session.ts";

export default function Register(): JSX.Element {
  const form = createForm(
    () => import("@storagex/contract/account").then((all) => all.registerRequestSchema),
    register,
  );
  const [search] = useSearchParams();
  const login = () =>
    typeof search.next === "string" ? `/login?next=${encodeURIComponent(search.next)}` : "/login";
  return (
    <AccountPage
      title="Create account"
      steps
      sentence={
        <>
          Drop it.
          <br />
          Watch it.
          <br />
          Keep it yours.
        </>
      }
    >
      <form class="grid gap-5" novalidate onSubmit={form.submit}>
        <EmailField form={form} />
        <NameField form={form} />
        <PasswordField form={form} fresh />
        <FormFoot form={form} send="Create account" sending="Creating your account…" />
      </form>
      <p class="mt-6">
        Have one already?{" "}
        <A href={login()} class="font-bold underline decoration-3 underline-offset-4">
          Sign in
        </A>
      </p>
    </AccountPage>
  );
}
