/** One form's life: checks the fields by the contract's schema, sends them, keeps what was complained about. */
import { type Accessor, createSignal } from "solid-js";
import type { z } from "zod";
import { type Act, createAct } from "../api/act.ts";
import { fieldErrors } from "../api/api-error.ts";

/** `failure` is what is wrong with the whole. */
type Form = Pick<Act<[]>, "failure" | "busy"> & {
  /** The complaint of each field, by name. */
  complaints: Accessor<Record<string, string>>;
  submit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => void;
};

/** `extra` joins fields that are not inputs, as a setup token; empty inputs count as left out. */
export function createForm<S extends z.ZodType>(
  schema: S,
  send: (body: z.output<S>) => Promise<void>,
  extra: () => Record<string, string> = () => ({}),
): Form {
  const [complaints, setComplaints] = createSignal<Record<string, string>>({});
  const { run, busy, failure } = createAct(async (form: HTMLFormElement) => {
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const fields = schema.safeParse({ ...Object.fromEntries(given), ...extra() });
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
    found[name] ??= sentence(name, code, message);
  }
  return found;
}

/** zod's own words are for programmers; ours stand in the contract where a rule is ours. */
function sentence(name: string, code: string, message: string): string {
  if (name === "email") return "This is not an e-mail address.";
  if (code === "invalid_type") return "Fill this in.";
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function focusFirst(form: HTMLFormElement): void {
  queueMicrotask(() => {
    const wrong = form.querySelector('[aria-invalid="true"]');
    if (wrong instanceof HTMLElement) wrong.focus();
  });
}
