/** `/register`. */
import { A, useSearchParams } from "@solidjs/router";
import { registerRequestSchema } from "@storagex/contract/account";
import type { JSX } from "solid-js";
import { EmailField, FormFoot, NameField, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { register } from "../api/session.ts";

export default function Register(): JSX.Element {
  const form = createForm(registerRequestSchema, register);
  const [search] = useSearchParams();
  const login = () =>
    typeof search.next === "string" ? `/login?next=${encodeURIComponent(search.next)}` : "/login";
  return (
    <AccountPage
      title="Make an account"
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
        <FormFoot form={form} send="Make my account" sending="Making your account" />
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
