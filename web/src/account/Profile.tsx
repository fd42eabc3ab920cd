/** Who one is: the address one signs in with, and the name others read. */
import type { Me } from "@storagex/contract/accounts/account";
import type { JSX } from "solid-js";
import { changeMe } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { t as common } from "../messages/common.ts";
import { t as entry } from "../messages/entry.ts";
import { Field } from "../ui/form/Field.tsx";
import { toast } from "../ui/toasts/toasts.ts";
import { FormFoot } from "./AccountFields.tsx";
import { createForm } from "./form.ts";
import { Panel } from "./Panel.tsx";

const schema = () =>
  import("@storagex/contract/accounts/account").then((all) =>
    all.registerRequestSchema.pick({ name: true }).required(),
  );

export function Profile(props: { user: Me }): JSX.Element {
  const form = createForm(schema, async ({ name }) => {
    await changeMe(() => ({ name }));
    toast(t("nameSaved"));
  });
  return (
    <Panel title={t("profile")}>
      <dl class="grid gap-1">
        <dt class="label">{entry("email")}</dt>
        <dd class="font-bold wrap-anywhere">{props.user.email}</dd>
        <dt class="label mt-3">{t("role")}</dt>
        <dd class="font-bold">{common(props.user.role === "admin" ? "administrator" : "user")}</dd>
      </dl>
      <form class="grid gap-5" novalidate onSubmit={form.submit}>
        <Field
          label={t("name")}
          name="name"
          dir="auto"
          autocomplete="name"
          maxlength="100"
          value={props.user.name ?? ""}
          complaint={form.complaints().name}
        />
        <FormFoot form={form} send={t("saveName")} sending={common("saving")} />
      </form>
    </Panel>
  );
}
