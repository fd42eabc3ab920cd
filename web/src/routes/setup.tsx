/** `/setup?token=`: the first administrator, by the one-time link that `npm start` printed. */
import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { EmailField, FormFoot, NameField, PasswordField } from "../account/AccountFields.tsx";
import { AccountPage } from "../account/AccountPage.tsx";
import { createForm } from "../account/form.ts";
import { setUp } from "../api/session.ts";
import { Reason } from "../ui/Reason.tsx";

export default function Setup(): JSX.Element {
  const [search] = useSearchParams();
  const token = () => (typeof search.token === "string" ? search.token : "");
  const form = createForm(
    () => import("@storagex/contract/account").then((all) => all.setupRequestSchema),
    setUp,
    () => ({ token: token() }),
  );
  return (
    <AccountPage
      title="First administrator"
      sentence={
        <>
          It runs.
          <br />
          It is yours.
        </>
      }
    >
      <Show
        when={token()}
        fallback={
          <Reason
            message="This address needs the token of the setup link. Copy the whole link that StorageX printed when it started."
            code="setup.token_missing"
          />
        }
      >
        <form class="grid gap-5" novalidate onSubmit={form.submit}>
          <EmailField form={form} />
          <NameField form={form} />
          <PasswordField form={form} fresh />
          <Show when={form.complaints().token}>
            <Reason message="The setup link is not whole. Copy all of it." code="setup.token_invalid" />
          </Show>
          <FormFoot form={form} send="Create administrator" sending="Creating the administrator…" />
        </form>
      </Show>
    </AccountPage>
  );
}
