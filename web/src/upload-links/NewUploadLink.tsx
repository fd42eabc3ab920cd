/** The form of a new upload link: how much may be uploaded by it, until when, and what its videos get. */
import type { UploadLink } from "@storagex/contract/upload-links";
import { createSignal, createUniqueId, For, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { createUploadLink } from "../api/upload-links.ts";
import { t } from "../messages/upload-links.ts";
import { Field } from "../ui/Field.tsx";
import { FormFoot } from "../ui/FormFoot.tsx";
import { focusFirstWrong } from "../ui/pass-focus.ts";

const HOUR = 3_600;
/** Seconds, in the order of their names. */
const LIVES = [HOUR, 24 * HOUR, 72 * HOUR, 168 * HOUR] as const;
const A_DAY = 1;
const GIGABYTE = 1_000_000_000;
/** As in contract, whose schemas no page loads. */
const MAX_UPLOADS = 1_000;

type Complaints = { uploads?: string; size?: string; externalId?: string };

export function NewUploadLink(props: { onMade: (link: UploadLink) => void }): JSX.Element {
  const lifeId = createUniqueId();
  const [complaints, setComplaints] = createSignal<Complaints>({});
  let form: HTMLFormElement | undefined;
  // A reset empties fields to what their attributes say, and these have none.
  const reset = () => {
    form?.reset();
    for (const [name, value] of [
      ["uploads", "1"],
      ["life", String(A_DAY)],
    ] as const) {
      const field = form?.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
    }
  };
  const make = createAct(async (given: FormData) => {
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
    if (Object.keys(found).length > 0) return focusFirstWrong(form);
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
    reset();
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
        label={t("videoTitle")}
        help={t("videoTitleHelp")}
        name="title"
        maxlength={300}
        dir="auto"
        autocomplete="off"
      />
      <div class="grid items-start gap-4 sm:grid-cols-3">
        <Field
          label={t("uploads")}
          name="uploads"
          inputmode="numeric"
          value="1"
          autocomplete="off"
          complaint={complaints().uploads}
        />
        <div class="grid gap-2">
          <label for={lifeId} class="label">
            {t("expires")}
          </label>
          <select id={lifeId} name="life" class="frame select min-h-12 w-full">
            <For each={t("lives")}>
              {(name, at) => (
                <option value={at()} selected={at() === A_DAY}>
                  {name}
                </option>
              )}
            </For>
          </select>
        </div>
        <Field
          label={t("size")}
          name="size"
          inputmode="decimal"
          autocomplete="off"
          complaint={complaints().size}
        />
      </div>
      <div class="grid items-start gap-4 sm:grid-cols-2">
        <Field label={t("tags")} help={t("tagsHelp")} name="tags" dir="auto" autocomplete="off" />
        <Field
          label={t("externalId")}
          help={t("externalIdHelp")}
          name="externalId"
          maxlength={200}
          autocomplete="off"
          complaint={complaints().externalId}
        />
      </div>
      <FormFoot act={make} label={t("create")} busyLabel={t("creating")} />
    </form>
  );
}
