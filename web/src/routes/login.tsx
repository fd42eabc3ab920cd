/** `/login`. */
import { A, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EmailField, FormFoot, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { SessionEnded } from "../account/SessionEnded.tsx";
import { login } from "../api/session.ts";

export default function Login(): JSX.Element {
  const form = createForm(
    () => import("@storagex/contract/account").then((all) => all.loginRequestSchema),
    login,
  );
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
      <SessionEnded isSentHere={typeof search.next === "string"} />
      <form class="grid gap-5" novalidate onSubmit={form.submit}>
        <EmailField form={form} />
        <PasswordField form={form} />
        <FormFoot form={form} send="Sign in" sending="Signing in…" />
      </form>
      <p class="mt-6">
        New here?{" "}
        <A href={register()} class="font-bold underline decoration-3 underline-offset-4">
          Create account
        </A>
      </p>
      <details class="mt-4">
        <summary class="cursor-pointer font-bold underline decoration-3 underline-offset-4">
          Forgot your password?
        </summary>
        <p class="mt-3">
          Ask an administrator for a reset link. You are the administrator? Run{" "}
          <code class="number break-all">npm run admin -- reset-password EMAIL</code> on the server.
        </p>
      </details>
    </AccountPage>
  );
}
