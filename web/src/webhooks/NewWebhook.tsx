/** The form of a new webhook: its address and its events. */
import type { MadeWebhook } from "@storagex/contract/webhooks";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createWebhook } from "../api/calls/webhooks.ts";
import { CreateForm } from "../keys/CreateForm.tsx";
import { t } from "../messages/webhooks.ts";
import { Field } from "../ui/form/Field.tsx";

/** As in contract, whose schemas no page loads; the compiler compares them. */
const EVENTS = [
  "video.created",
  "video.uploaded",
  "video.playable",
  "video.completed",
  "video.failed",
  "video.updated",
  "video.deleted",
  "upload.expired",
] as const;

export function NewWebhook(props: { onMade: (made: MadeWebhook) => void }): JSX.Element {
  const [complaints, setComplaints] = createSignal<{ url?: string; events?: string }>({});
  const make = async (given: FormData) => {
    const url = String(given.get("url") ?? "").trim();
    const events = EVENTS.filter((event) => given.getAll("events").includes(event));
    const isAddress = /^https?:\/\/./.test(url) && URL.canParse(url);
    setComplaints({
      ...(!isAddress && { url: t("urlRule") }),
      ...(events.length === 0 && { events: t("eventsRule") }),
    });
    if (!isAddress || events.length === 0) return false;
    const description = String(given.get("description") ?? "").trim();
    const isAll = events.length === EVENTS.length;
    const made = await createWebhook({ url, description, ...(!isAll && { events }) });
    props.onMade(made);
    return true;
  };
  return (
    <CreateForm label={t("create")} busyLabel={t("creating")} onSend={make}>
      <Field
        label={t("url")}
        help={t("urlHelp")}
        name="url"
        type="url"
        inputmode="url"
        maxlength={2_000}
        placeholder="https://"
        autocomplete="off"
        complaint={complaints().url}
      />
      <Field label={t("description")} name="description" maxlength={200} dir="auto" autocomplete="off" />
      <Events complaint={complaints().events} />
    </CreateForm>
  );
}

/** A box for each event; all of them to begin with. */
function Events(props: { complaint: string | undefined }): JSX.Element {
  const id = createUniqueId();
  return (
    <fieldset aria-describedby={props.complaint ? `${id}-complaint` : undefined}>
      <legend class="label mb-2">{t("events")}</legend>
      <div class="grid gap-x-5 sm:grid-cols-2">
        <For each={EVENTS}>
          {(event) => (
            <label class="flex min-h-11 items-center gap-3">
              <input
                type="checkbox"
                name="events"
                value={event}
                checked
                class="check"
                aria-invalid={props.complaint !== undefined}
              />
              <code class="number min-w-0 wrap-anywhere">{event}</code>
            </label>
          )}
        </For>
      </div>
      <Show when={props.complaint}>
        <p id={`${id}-complaint`} class="mt-2 border-l-[6px] border-fail pl-2 font-bold">
          {props.complaint}
        </p>
      </Show>
    </fieldset>
  );
}
