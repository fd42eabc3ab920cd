/** The fields and the submit area that account forms share. */
import { createSignal, type JSX, onMount } from "solid-js";
import { t } from "../messages/entry.ts";
import { Field } from "../ui/form/Field.tsx";
import { ReasonOf } from "../ui/Reason.tsx";
import type { createForm } from "./form.ts";

type FormState = ReturnType<typeof createForm>;

/**
 * A form that the server renders. Without a script its method sends nothing anywhere; one that was sent before the
 * page hydrated (`theme.js` marks it) is sent now.
 */
export function EntryForm(props: { form: FormState; children: JSX.Element }): JSX.Element {
  let element: HTMLFormElement | undefined;
  onMount(() => {
    if (element?.dataset.early === undefined) return;
    delete element.dataset.early;
    element.requestSubmit();
  });
  return (
    <form ref={element} class="grid gap-5" method="dialog" novalidate onSubmit={props.form.submit}>
      {props.children}
    </form>
  );
}

export function EmailField(props: { form: FormState; autocomplete?: "off" }): JSX.Element {
  return (
    <Field
      label={t("email")}
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
  const label = () => props.label ?? t("password");
  const [isShown, setShown] = createSignal(false);
  return (
    <Field
      label={label()}
      name={name()}
      type={isShown() ? "text" : "password"}
      autocomplete={props.fresh ? "new-password" : "current-password"}
      autocapitalize="none"
      spellcheck={false}
      help={props.fresh ? t("passwordHelp") : undefined}
      complaint={props.form.complaints()[name()]}
      beside={
        <button
          type="button"
          class="label min-h-12 shrink-0 border-3 border-l-0 border-ink px-3 hover:bg-signal hover:text-black"
          aria-label={t(isShown() ? "hideField" : "showField", label())}
          onClick={() => setShown(!isShown())}
        >
          {t(isShown() ? "hide" : "show")}
        </button>
      }
    />
  );
}

export function NameField(props: { form: FormState; autocomplete?: "off" }): JSX.Element {
  return (
    <Field
      label={t("nameOptional")}
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
      <ReasonOf failure={props.form.failure()} />
      <button type="submit" class="button button-signal w-full" aria-disabled={props.form.busy()}>
        {props.form.busy() ? props.sending : props.send}
      </button>
    </>
  );
}
