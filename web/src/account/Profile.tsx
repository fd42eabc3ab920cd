/** Who one is: the address one signs in with, and the name others read. */
import type { Me } from "@storagex/contract/account";
import type { JSX } from "solid-js";
import { changeMe } from "../api/session.ts";
import { Field } from "../ui/Field.tsx";
import { toast } from "../ui/toasts.ts";
import { FormFoot } from "./AccountFields.tsx";
import { createForm } from "./form.ts";
import { Panel } from "./Panel.tsx";

const schema = () =>
  import("@storagex/contract/account").then((all) =>
    all.registerRequestSchema.pick({ name: true }).required(),
  );

export function Profile(props: { user: Me }): JSX.Element {
  const form = createForm(schema, async ({ name }) => {
    await changeMe({ name });
    toast("Name saved.");
  });
  return (
    <Panel title="Profile">
      <dl class="grid gap-1">
        <dt class="label">E-mail</dt>
        <dd class="font-bold wrap-anywhere">{props.user.email}</dd>
        <dt class="label mt-3">Role</dt>
        <dd class="font-bold">{props.user.role === "admin" ? "Administrator" : "User"}</dd>
      </dl>
      <form class="grid gap-5" novalidate onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          dir="auto"
          autocomplete="name"
          maxlength="100"
          value={props.user.name ?? ""}
          complaint={form.complaints().name}
        />
        <FormFoot form={form} send="Save name" sending="Saving…" />
      </form>
    </Panel>
  );
}
