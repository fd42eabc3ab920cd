/** The form of a new link: who it is for, how long, with which password, with or without the file. */
import type { Share } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX } from "solid-js";
import { fieldErrors } from "../api/api-error.ts";
import { createShare } from "../api/calls/sharing.ts";
import { CreateForm } from "../keys/CreateForm.tsx";
import { t } from "../messages/sharing.ts";
import { Field } from "../ui/form/Field.tsx";
import { SelectField } from "../ui/form/SelectField.tsx";
import { originsIn } from "./origins.ts";

const DAY = 86_400;
/** Seconds, in the order of their names. */
const LIVES = [null, DAY, 7 * DAY, 30 * DAY] as const;

const MIN_PASSWORD = 4;

type Complaints = { password?: string | undefined; sites?: string | undefined };

export function NewShare(props: { video: Video; onMade: (share: Share) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<Complaints>({});
  const make = async (given: FormData) => {
    const text = (name: string) => String(given.get(name) ?? "");
    const { origins, wrong } = originsIn(text("sites"));
    const found = complaintsOf(text("password"), wrong);
    setComplaints(found);
    if (found.password || found.sites) return false;
    try {
      const made = await createShare(props.video.id, {
        label: text("label").trim() || null,
        password: text("password") || null,
        allowDownload: given.has("download"),
        expiresIn: LIVES[Number(text("life"))] ?? null,
        embedOrigins: origins,
      });
      props.onMade(made);
      return true;
    } catch (error) {
      const { password } = fieldErrors(error);
      setComplaints({ password });
      if (password) return false;
      throw error;
    }
  };
  return (
    <CreateForm label={t("createLink")} busyLabel={t("creatingLink")} onSend={make}>
      <Field label={t("name")} name="label" maxlength={100} dir="auto" autocomplete="off" />
      <div class="field-pair">
        <SelectField
          label={t("expires")}
          name="life"
          of={t("lives").map((name, at) => [String(at), name])}
          chosen="0"
        />
        <Field
          label={t("password")}
          name="password"
          type="password"
          autocomplete="new-password"
          complaint={complaints().password}
        />
      </div>
      <Field
        label={t("sites")}
        name="sites"
        inputmode="url"
        autocomplete="off"
        placeholder="example.org"
        help={t("sitesHelp")}
        complaint={complaints().sites}
      />
      <label class="flex min-h-11 items-center gap-3 font-bold">
        <input type="checkbox" name="download" class="check" />
        {t("allowDownload")}
      </label>
    </CreateForm>
  );
}

function complaintsOf(password: string, wrongSite: string | undefined): Complaints {
  const isShort = password !== "" && password.length < MIN_PASSWORD;
  return {
    password: isShort ? t("passwordRule", MIN_PASSWORD) : undefined,
    sites: wrongSite === undefined ? undefined : t("siteRule", wrongSite),
  };
}
