/** The form of a new playback key: made here, or the public half of one's own. */
import type { MadePlaybackKey } from "@storagex/contract/sharing";
import { createSignal, type JSX } from "solid-js";
import { createPlaybackKey } from "../api/calls/sharing.ts";
import { CreateForm } from "../keys/CreateForm.tsx";
import { t } from "../messages/sharing.ts";
import { Field } from "../ui/form/Field.tsx";

type Complaints = { name?: string; jwk?: string };

export function NewKey(props: { onMade: (key: MadePlaybackKey) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<Complaints>({});
  const make = async (given: FormData) => {
    const name = String(given.get("name") ?? "").trim();
    const jwk = jwkIn(String(given.get("jwk") ?? "").trim());
    const found = {
      ...(name === "" && { name: t("nameRule") }),
      ...(jwk === undefined && { jwk: t("jwkRule") }),
    };
    setComplaints(found);
    if (name === "" || jwk === undefined) return false;
    const made = await createPlaybackKey({ name, ...(jwk !== null && { publicJwk: jwk }) });
    props.onMade(made);
    return true;
  };
  return (
    <CreateForm label={t("createKey")} busyLabel={t("creatingKey")} onSend={make}>
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
    </CreateForm>
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
