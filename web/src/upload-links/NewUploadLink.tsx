/** The form of a new upload link: how much may be uploaded by it, until when, and what its videos get. */
import type { UploadLink } from "@storagex/contract/uploads/upload-links";
import { createSignal, type JSX } from "solid-js";
import { createUploadLink } from "../api/calls/upload-links.ts";
import { CreateForm } from "../keys/CreateForm.tsx";
import { t } from "../messages/upload-links.ts";
import { Field } from "../ui/form/Field.tsx";
import { SelectField } from "../ui/form/SelectField.tsx";

const HOUR = 3_600;
/** Seconds, in the order of their names. */
const LIVES = [HOUR, 24 * HOUR, 72 * HOUR, 168 * HOUR] as const;
const A_DAY = 1;
const GIGABYTE = 1_000_000_000;
/** As in contract, whose schemas no page loads. */
const MAX_UPLOADS = 1_000;

type Complaints = { uploads?: string; size?: string; externalId?: string };

export function NewUploadLink(props: { onMade: (link: UploadLink) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<Complaints>({});
  const make = async (given: FormData) => {
    const text = (name: string) => String(given.get(name) ?? "").trim();
    const maxUploads = Number(text("uploads"));
    const gigabytes = Number(text("size").replace(",", "."));
    const externalId = text("externalId");
    const found = {
      ...(!(Number.isInteger(maxUploads) && maxUploads >= 1 && maxUploads <= MAX_UPLOADS) && {
        uploads: t("uploadsRule"),
      }),
      ...(text("size") && !(gigabytes > 0) && { size: t("sizeRule") }),
      ...(externalId && maxUploads !== 1 && { externalId: t("externalIdRule") }),
    };
    setComplaints(found);
    if (Object.keys(found).length > 0) return false;
    const tags = text("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    const made = await createUploadLink({
      maxUploads,
      expiresIn: LIVES[Number(text("life"))] ?? LIVES[A_DAY],
      ...(text("size") && { maxBytes: Math.ceil(gigabytes * GIGABYTE) }),
      ...(text("title") && { title: text("title") }),
      ...(tags.length > 0 && { tags }),
      ...(externalId && { externalId }),
    });
    props.onMade(made);
    return true;
  };
  return (
    <CreateForm label={t("create")} busyLabel={t("creating")} onSend={make}>
      <Field
        label={t("videoTitle")}
        help={t("videoTitleHelp")}
        name="title"
        maxlength={300}
        dir="auto"
        autocomplete="off"
      />
      <div class="field-pair">
        <Field
          label={t("uploads")}
          name="uploads"
          inputmode="numeric"
          value="1"
          autocomplete="off"
          complaint={complaints().uploads}
        />
        <SelectField
          label={t("expires")}
          name="life"
          of={t("lives").map((name, at) => [String(at), name])}
          chosen={String(A_DAY)}
        />
      </div>
      <div class="field-pair">
        <Field
          label={t("size")}
          name="size"
          inputmode="decimal"
          autocomplete="off"
          complaint={complaints().size}
        />
        <Field
          label={t("externalId")}
          help={t("externalIdHelp")}
          name="externalId"
          maxlength={200}
          autocomplete="off"
          complaint={complaints().externalId}
        />
      </div>
      <Field label={t("tags")} help={t("tagsHelp")} name="tags" dir="auto" autocomplete="off" />
    </CreateForm>
  );
}
