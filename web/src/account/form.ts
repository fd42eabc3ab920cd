/** State of one form: validates the fields by the contract's schema, sends them, keeps the errors. */
import { type Accessor, createSignal } from "solid-js";
import type { z } from "zod";
import { type Act, createAct } from "../api/act.ts";
import { fieldErrors } from "../api/api-error.ts";

/** `failure` is the error of the whole form. */
type Form = Pick<Act<[]>, "failure" | "busy"> & {
  /** The error of each field, by name. */
  complaints: Accessor<Record<string, string>>;
  submit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => void;
};

/**
 * `schema` is loaded when the form is sent. `extra` adds values that are not inputs, such as a setup token; an empty input counts
 * as left out.
 */
export function createForm<S extends z.ZodType>(
  schema: () => Promise<S>,
  send: (body: z.output<S>) => Promise<void>,
  extra: () => Record<string, string> = () => ({}),
): Form {
  const [complaints, setComplaints] = createSignal<Record<string, string>>({});
  const { run, busy, failure } = createAct(async (form: HTMLFormElement) => {
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const fields = (await schema()).safeParse({ ...Object.fromEntries(given), ...extra() });
    setComplaints(fields.success ? {} : firstIssues(fields.error));
    if (!fields.success) return focusFirst(form);
    try {
      await send(fields.data);
    } catch (error) {
      setComplaints(fieldErrors(error));
      focusFirst(form);
      throw error;
    }
  });
  const submit: Form["submit"] = (event) => {
    event.preventDefault();
    run(event.currentTarget);
  };
  return { complaints, failure, busy, submit };
}

function firstIssues(error: z.ZodError): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, message, code } of error.issues) {
    const name = String(path[0] ?? "");
    found[name] ??= sentence(name, code === "invalid_type", message);
  }
  return found;
}

const MISSING: Readonly<Record<string, string>> = {
  name: "Enter a name.",
  email: "Enter your e-mail address.",
  password: "Enter your password.",
  currentPassword: "Enter your current password.",
  newPassword: "Enter a new password.",
};

/** zod's messages are for programmers. For a rule of our own the contract has the sentence. */
function sentence(name: string, isMissing: boolean, message: string): string {
  if (isMissing) return MISSING[name] ?? "Fill this in.";
  if (name === "email") return "This is not an e-mail address.";
  return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
}

function focusFirst(form: HTMLFormElement): void {
  queueMicrotask(() => {
    const wrong = form.querySelector('[aria-invalid="true"]');
    if (wrong instanceof HTMLElement) wrong.focus();
  });
}
