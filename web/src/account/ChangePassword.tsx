/** The form that changes the password: asks for the current one and ends all other sessions. */
import { createSignal, type JSX } from "solid-js";
import { changePassword } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { FormFoot, PasswordField } from "./AccountFields.tsx";
import { createForm, SAME_PASSWORD } from "./form.ts";
import { Panel } from "./Panel.tsx";

const schema = () =>
  import("@storagex/contract/accounts/account").then((all) =>
    all.changePasswordRequestSchema.refine(
      ({ currentPassword, newPassword }) => currentPassword !== newPassword,
      { path: ["newPassword"], message: SAME_PASSWORD },
    ),
  );

export function ChangePassword(props: { email: string }): JSX.Element {
  const [isChanged, setChanged] = createSignal(false);
  let fields: HTMLFormElement | undefined;
  const form = createForm(schema, async (body) => {
    await changePassword(body);
    fields?.reset();
    setChanged(true);
  });
  return (
    <Panel title={t("password")}>
      <form
        ref={fields}
        class="grid gap-5"
        novalidate
        onSubmit={form.submit}
        onInput={() => setChanged(false)}
      >
        {/* Shows a password manager whose password it is; without a name it is not sent. */}
        <input type="email" autocomplete="username" value={props.email} readonly hidden />
        <PasswordField form={form} name="currentPassword" label={t("currentPassword")} />
        <PasswordField form={form} name="newPassword" label={t("newPassword")} fresh />
        <p role="status" class={isChanged() ? "bg-signal p-3 font-bold text-black" : "text-small"}>
          {t(isChanged() ? "passwordChanged" : "passwordWarning")}
        </p>
        <FormFoot form={form} send={t("changePassword")} sending={t("changingPassword")} />
      </form>
    </Panel>
  );
}
