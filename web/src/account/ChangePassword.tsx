/** The form that changes the password: asks for the current one; all other sessions end. */
import { changePasswordRequestSchema } from "@storagex/contract/account";
import { createSignal, type JSX } from "solid-js";
import { changePassword } from "../api/session.ts";
import { FormFoot, PasswordField } from "./AccountFields.tsx";
import { createForm } from "./form.ts";

export function ChangePassword(props: { email: string }): JSX.Element {
  const [isChanged, setChanged] = createSignal(false);
  let fields: HTMLFormElement | undefined;
  const form = createForm(changePasswordRequestSchema, async (body) => {
    await changePassword(body);
    fields?.reset();
    setChanged(true);
  });
  return (
    <section aria-labelledby="password-title" class="frame grid gap-5 p-4 shadow-drop md:p-8">
      <h2 id="password-title" class="headline text-large">
        Another password
      </h2>
      <form
        ref={fields}
        class="grid gap-5"
        novalidate
        onSubmit={form.submit}
        onInput={() => setChanged(false)}
      >
        {/* Shows a password manager whose password it is; without a name it is not sent. */}
        <input type="email" autocomplete="username" value={props.email} readonly hidden />
        <PasswordField form={form} name="currentPassword" label="Current password" />
        <PasswordField form={form} name="newPassword" label="New password" fresh />
        <p role="status" class={isChanged() ? "bg-signal p-3 font-bold text-black" : "text-small"}>
          {isChanged()
            ? "The password is changed. You are signed out everywhere but here."
            : "It ends your sessions on all other devices; this one goes on."}
        </p>
        <FormFoot form={form} send="Change the password" sending="Changing the password" />
      </form>
    </section>
  );
}
