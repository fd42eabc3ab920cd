/** State of one form: validates the fields by the contract's schema, sends them, keeps the errors. */
import { type Accessor, createSignal } from "solid-js";
import type { z } from "zod";
import { type Act, createAct } from "../api/act.ts";
import { fieldErrors } from "../api/api-error.ts";
import { t } from "../messages/entry.ts";
import { focusFirstWrong } from "../ui/pass-focus.ts";

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
    if (!fields.success) return focusFirstWrong(form);
    try {
      await send(fields.data);
    } catch (error) {
      setComplaints(fieldErrors(error));
      focusFirstWrong(form);
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

/** The rule of a form that the new password is another one: known by this message. */
export const SAME_PASSWORD = "the same password";

/** zod's messages are for programmers. For a rule of our own the contract has the sentence. */
function sentence(name: string, isMissing: boolean, message: string): string {
  if (isMissing) return t("enter")[name] ?? t("fillIn");
  if (name === "email") return t("notEmail");
  if (message === SAME_PASSWORD) return t("samePassword");
  return t("refused", name, message);
}
