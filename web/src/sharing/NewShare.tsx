/** The form of a new link: who it is for, how long, with which password, with or without the file. */
import type { Share } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/video";
import { createSignal, createUniqueId, For, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { fieldErrors } from "../api/api-error.ts";
import { createShare } from "../api/sharing.ts";
import { t } from "../messages/sharing.ts";
import { Field } from "../ui/Field.tsx";
import { FormFoot } from "../ui/FormFoot.tsx";
import { focusFirstWrong } from "../ui/pass-focus.ts";
import { originsIn } from "./origins.ts";

const DAY = 86_400;
/** Seconds, in the order of their names. */
const LIVES = [null, DAY, 7 * DAY, 30 * DAY] as const;

const MIN_PASSWORD = 4;

type Complaints = { password?: string | undefined; sites?: string | undefined };

export function NewShare(props: { video: Video; onMade: (share: Share) => void }): JSX.Element {
  const lifeId = createUniqueId();
  const [complaints, setComplaints] = createSignal<Complaints>({});
  let form: HTMLFormElement | undefined;
  const make = createAct(async (given: FormData) => {
    const text = (name: string) => String(given.get(name) ?? "");
    const { origins, wrong } = originsIn(text("sites"));
    const found = complaintsOf(text("password"), wrong);
    setComplaints(found);
    if (found.password || found.sites) return focusFirstWrong(form);
    try {
      const made = await createShare(props.video.id, {
        label: text("label").trim() || null,
        password: text("password") || null,
        allowDownload: given.has("download"),
        expiresIn: LIVES[Number(text("life"))] ?? null,
        embedOrigins: origins,
      });
      form?.reset();
      props.onMade(made);
    } catch (error) {
      const { password } = fieldErrors(error);
      setComplaints({ password });
      if (password) return focusFirstWrong(form);
      throw error;
    }
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
      <Field label={t("name")} name="label" maxlength={100} dir="auto" autocomplete="off" />
      <div class="grid items-start gap-4 sm:grid-cols-2">
        <div class="grid gap-2">
          <label for={lifeId} class="label">
            {t("expires")}
          </label>
          <select id={lifeId} name="life" class="frame select min-h-12 w-full">
            <For each={t("lives")}>{(name, at) => <option value={at()}>{name}</option>}</For>
          </select>
        </div>
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
      <FormFoot act={make} label={t("createLink")} busyLabel={t("creatingLink")} />
    </form>
  );
}

function complaintsOf(password: string, wrongSite: string | undefined): Complaints {
  const isShort = password !== "" && password.length < MIN_PASSWORD;
  return {
    password: isShort ? t("passwordRule", MIN_PASSWORD) : undefined,
    sites: wrongSite === undefined ? undefined : t("siteRule", wrongSite),
  };
}
