/** The fields and the submit area that account forms share. */
import { createSignal, type JSX, Show } from "solid-js";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";
import type { createForm } from "./form.ts";

type FormState = ReturnType<typeof createForm>;

export function EmailField(props: { form: FormState; autocomplete?: "off" }): JSX.Element {
  return (
    <Field
      label="E-mail"
      name="email"
      type="email"
      autocomplete={props.autocomplete ?? "username"}
      inputmode="email"
      complaint={props.form.complaints().email}
    />
  );
}

/** `fresh`: a new password, not the current one. `name` is the field's in the schema. The eye shows what is typed. */
export function PasswordField(props: {
  form: FormState;
  fresh?: boolean;
  label?: string;
  name?: string;
}): JSX.Element {
  const name = () => props.name ?? "password";
  const label = () => props.label ?? "Password";
  const [isShown, setShown] = createSignal(false);
  return (
    <Field
      label={label()}
      name={name()}
      type={isShown() ? "text" : "password"}
      autocomplete={props.fresh ? "new-password" : "current-password"}
      autocapitalize="none"
      spellcheck={false}
      help={props.fresh ? "At least 10 characters. A short phrase works well." : undefined}
      complaint={props.form.complaints()[name()]}
      beside={
        <button
          type="button"
          class="label min-h-12 shrink-0 border-3 border-l-0 border-ink px-3 hover:bg-signal hover:text-black"
          onClick={() => setShown(!isShown())}
        >
          {isShown() ? "Hide" : "Show"}
          <span class="sr-only">{` ${label().toLowerCase()}`}</span>
        </button>
      }
    />
  );
}

export function NameField(props: { form: FormState; autocomplete?: "off" }): JSX.Element {
  return (
    <Field
      label="Name (optional)"
      name="name"
      autocomplete={props.autocomplete ?? "name"}
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
