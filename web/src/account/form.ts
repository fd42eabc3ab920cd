/** One form's life: checks the fields by the contract's schema, sends them, keeps what was complained about. */
import { type Accessor, createSignal } from "solid-js";
import type { z } from "zod";
import { ApiError, fieldErrors, reasonOf } from "../api/api-error.ts";

type Form = {
  /** The complaint of each field, by name. */
  complaints: Accessor<Record<string, string>>;
  /** What is wrong with the whole, or undefined. */
  failure: Accessor<{ message: string; code?: string } | undefined>;
  busy: Accessor<boolean>;
  submit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => Promise<void>;
};

/** `extra` joins fields that are not inputs, as a setup token; empty inputs count as left out. */
export function createForm<S extends z.ZodType>(
  schema: S,
  send: (body: z.output<S>) => Promise<void>,
  extra: () => Record<string, string> = () => ({}),
): Form {
  const [complaints, setComplaints] = createSignal<Record<string, string>>({});
  const [failure, setFailure] = createSignal<{ message: string; code?: string }>();
  const [busy, setBusy] = createSignal(false);

  const submit: Form["submit"] = async (event) => {
    event.preventDefault();
    if (busy()) return;
    const form = event.currentTarget;
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const fields = schema.safeParse({ ...Object.fromEntries(given), ...extra() });
    setFailure(undefined);
    setComplaints(fields.success ? {} : firstIssues(fields.error));
    if (!fields.success) return focusFirst(form);
    setBusy(true);
    try {
      await send(fields.data);
    } catch (error) {
      setComplaints(fieldErrors(error));
      setFailure({ message: reasonOf(error), ...(error instanceof ApiError ? { code: error.code } : {}) });
      focusFirst(form);
    } finally {
      setBusy(false);
    }
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
