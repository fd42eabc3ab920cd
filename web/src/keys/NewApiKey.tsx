/** The form of a new API key: its name, what it may do, and when it ends. */
import type { MadeApiKey } from "@storagex/contract/accounts/api-keys";
import { SCOPES } from "@storagex/contract/accounts/scopes";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createApiKey } from "../api/calls/keys.ts";
import { me } from "../api/session.ts";
import { t } from "../messages/keys.ts";
import { Field } from "../ui/form/Field.tsx";
import { SelectField } from "../ui/form/SelectField.tsx";
import { CreateForm } from "./CreateForm.tsx";

const DAY = 86_400;
/** Seconds. */
const LIFETIMES = { month: 30 * DAY, quarter: 90 * DAY, year: 365 * DAY, never: undefined } as const;
type Lifetime = keyof typeof LIFETIMES;
const DEFAULT: Lifetime = "quarter";

type Complaints = { name?: string; scopes?: string };

export function NewApiKey(props: { onMade: (made: MadeApiKey) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<Complaints>({});
  const make = async (given: FormData) => {
    const name = String(given.get("name") ?? "").trim();
    const scopes = SCOPES.filter((scope) => given.getAll("scopes").includes(scope));
    setComplaints({
      ...(name === "" && { name: t("nameRule") }),
      ...(scopes.length === 0 && { scopes: t("scopesRule") }),
    });
    if (name === "" || scopes.length === 0) return false;
    const lifetime = (Object.keys(LIFETIMES) as Lifetime[]).find((each) => each === given.get("lifetime"));
    const expiresIn = LIFETIMES[lifetime ?? DEFAULT];
    const made = await createApiKey({ name, scopes, ...(expiresIn !== undefined && { expiresIn }) });
    props.onMade(made);
    return true;
  };
  return (
    <CreateForm label={t("create")} busyLabel={t("creating")} onSend={make}>
      <Field
        label={t("name")}
        name="name"
        maxlength={100}
        dir="auto"
        autocomplete="off"
        complaint={complaints().name}
      />
      <Scopes complaint={complaints().scopes} />
      <SelectField
        label={t("expires")}
        name="lifetime"
        of={Object.entries(t("lifetimes"))}
        chosen={DEFAULT}
      />
    </CreateForm>
  );
}

/** A box for each scope; that of administrators for them only. */
function Scopes(props: { complaint: string | undefined }): JSX.Element {
  const id = createUniqueId();
  const offered = () => SCOPES.filter((scope) => scope !== "admin" || me()?.role === "admin");
  return (
    <fieldset class="grid gap-2" aria-describedby={props.complaint ? `${id}-complaint` : undefined}>
      <legend class="label mb-2">{t("scopes")}</legend>
      <For each={offered()}>
        {(scope) => (
          <label class="flex min-h-11 items-center gap-3">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              class="check"
              aria-invalid={props.complaint !== undefined}
            />
            <span class="min-w-0">
              <span class="block font-bold">{t("scopesHelp")[scope]}</span>
              <code class="number text-small text-mute">{scope}</code>
            </span>
          </label>
        )}
      </For>
      <Show when={props.complaint}>
        <p id={`${id}-complaint`} class="border-l-[6px] border-fail pl-2 font-bold">
          {props.complaint}
        </p>
      </Show>
    </fieldset>
  );
}
