/** The form of a new link: who it is for, how long, with which password, with or without the file. */
import type { Share } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/video";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { createShare } from "../api/sharing.ts";
import { Field } from "../ui/Field.tsx";
import { Reason } from "../ui/Reason.tsx";

const DAY = 86_400;
const LIVES = [
  ["Never", null],
  ["In a day", DAY],
  ["In a week", 7 * DAY],
  ["In a month", 30 * DAY],
] as const;

export function NewShare(props: { video: Video; onMade: (share: Share) => void }): JSX.Element {
  const lifeId = createUniqueId();
  const [label, setLabel] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [life, setLife] = createSignal(0);
  const [allowDownload, setAllowDownload] = createSignal(false);
  const make = createAct(async () => {
    const expiresIn = LIVES[life()]?.[1] ?? null;
    const made = await createShare(props.video.id, {
      label: label().trim() || null,
      password: password() || null,
      allowDownload: allowDownload(),
      expiresIn,
    });
    setLabel("");
    setPassword("");
    props.onMade(made);
  });
  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.run();
      }}
    >
      <Field
        label="Name (only you see it)"
        maxlength={100}
        value={label()}
        onInput={(event) => setLabel(event.currentTarget.value)}
      />
      <div class="grid gap-4 sm:grid-cols-2">
        <div class="grid gap-2">
          <label for={lifeId} class="label">
            Expires
          </label>
          <select
            id={lifeId}
            class="frame min-h-12 w-full px-3"
            onChange={(event) => setLife(event.currentTarget.selectedIndex)}
          >
            <For each={LIVES}>{([name]) => <option>{name}</option>}</For>
          </select>
        </div>
        <Field
          label="Password (optional)"
          type="password"
          autocomplete="new-password"
          minlength={4}
          value={password()}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </div>
      <label class="flex min-h-11 items-center gap-3 font-bold">
        <input
          type="checkbox"
          class="size-6 accent-ink"
          checked={allowDownload()}
          onChange={(event) => setAllowDownload(event.currentTarget.checked)}
        />
        Allow downloading the MP4
      </label>
      <Show when={make.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
      <button type="submit" class="key key-signal justify-self-start" disabled={make.busy()}>
        {make.busy() ? "Creating the link" : "Create link"}
      </button>
    </form>
  );
}
