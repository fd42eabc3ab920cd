/** The fields and the submit area that account forms share. */
import { type JSX, Show } from "solid-js";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";
import type { createForm } from "./form.ts";

type FormState = ReturnType<typeof createForm>;

export function EmailField(props: { form: FormState }): JSX.Element {
  return (
    <Field
      label="E-mail"
      name="email"
      type="email"
      autocomplete="username"
      inputmode="email"
      complaint={props.form.complaints().email}
    />
  );
}

/** `fresh`: a new password, not the current one. `name` is the field's in the schema. */
export function PasswordField(props: {
  form: FormState;
  fresh?: boolean;
  label?: string;
  name?: string;
}): JSX.Element {
  const name = () => props.name ?? "password";
  return (
    <Field
      label={props.label ?? "Password"}
      name={name()}
      type="password"
      autocomplete={props.fresh ? "new-password" : "current-password"}
      help={props.fresh ? "At least 10 characters. A few words do well." : undefined}
      complaint={props.form.complaints()[name()]}
    />
  );
}

export function NameField(props: { form: FormState }): JSX.Element {
  return (
    <Field
      label="Name (if you like)"
      name="name"
      autocomplete="name"
      complaint={props.form.complaints().name}
    />
  );
}

/** The submit button, and above it why the last attempt failed. */
export function FormFoot(props: { form: FormState; send: string; sending: string }): JSX.Element {
  return (
    <>
      <Show when={props.form.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <button type="submit" class="key key-signal w-full" aria-disabled={props.form.busy()}>
        {props.form.busy() ? props.sending : props.send}
      </button>
    </>
  );
}
