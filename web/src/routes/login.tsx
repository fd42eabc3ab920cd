/** `/login`. */
import { A, useSearchParams } from "@solidjs/router";
import { loginRequestSchema } from "@storagex/contract/account";
import type { JSX } from "solid-js";
import { EmailField, FormFoot, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { SessionEnded } from "../account/SessionEnded.tsx";
import { login } from "../api/session.ts";

export default function Login(): JSX.Element {
  const form = createForm(loginRequestSchema, login);
  const [search] = useSearchParams();
  const register = () =>
    typeof search.next === "string" ? `/register?next=${encodeURIComponent(search.next)}` : "/register";
  return (
    <AccountPage
      title="Sign in"
      sentence={
        <>
          Your videos
          <br />
          are waiting.
        </>
      }
    >
      <SessionEnded />
      <form class="grid gap-5" novalidate onSubmit={form.submit}>
        <EmailField form={form} />
        <PasswordField form={form} />
        <FormFoot form={form} send="Sign in" sending="Signing in" />
      </form>
      <p class="mt-6">
        New here?{" "}
        <A href={register()} class="font-bold underline decoration-3 underline-offset-4">
          Make an account
        </A>
      </p>
    </AccountPage>
  );
}
