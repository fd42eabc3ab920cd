/** The form of a new playback key: made here, or the public half of one's own. */
import type { MadePlaybackKey } from "@storagex/contract/sharing";
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { createPlaybackKey } from "../api/sharing.ts";
import { t } from "../messages/sharing.ts";
import { Field } from "../ui/Field.tsx";
import { FormFoot } from "../ui/FormFoot.tsx";
import { focusFirstWrong } from "../ui/pass-focus.ts";

type Complaints = { name?: string; jwk?: string };

export function NewKey(props: { onMade: (key: MadePlaybackKey) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<Complaints>({});
  let form: HTMLFormElement | undefined;
  const make = createAct(async (given: FormData) => {
    const name = String(given.get("name") ?? "").trim();
    const jwk = jwkIn(String(given.get("jwk") ?? "").trim());
    const found = {
      ...(name === "" && { name: t("nameRule") }),
      ...(jwk === undefined && { jwk: t("jwkRule") }),
    };
    setComplaints(found);
    if (name === "" || jwk === undefined) {
      return focusFirstWrong(form);
    }
    const made = await createPlaybackKey({ name, ...(jwk !== null && { publicJwk: jwk }) });
    form?.reset();
    props.onMade(made);
  });
  return (
    <form
      ref={(element) => {
        form = element;
      }}
      class="grid gap-4"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        make.run(new FormData(event.currentTarget));
      }}
    >
      <Field
        label={t("keyName")}
        name="name"
        maxlength={100}
        dir="auto"
        autocomplete="off"
        complaint={complaints().name}
      />
      <Field
        label={t("publicKey")}
        name="jwk"
        autocomplete="off"
        help={t("publicKeyHelp")}
        complaint={complaints().jwk}
      />
      <FormFoot act={make} label={t("createKey")} busyLabel={t("creatingKey")} />
    </form>
  );
}

/** The key of a text; null of an empty one, undefined of one that is no key. The API checks the rest. */
function jwkIn(text: string): { kty: string; crv: string } | null | undefined {
  if (text === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("kty" in value) || !("crv" in value))
      return undefined;
    return { ...value, kty: String(value.kty), crv: String(value.crv) };
  } catch {
    return undefined;
  }
}
