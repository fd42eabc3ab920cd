/** The choice of quality for the next uploads; shown only where there is a choice. */
import { qualitySchema } from "@storagex/contract/profile";
import { For, type JSX, Show } from "solid-js";
import { choose, isAv1Allowed, profile, qualities } from "./profile.ts";

const NAMES = { fast: "Fast encoding", fine: "Higher quality" } as const;

export function ProfileChoice(): JSX.Element {
  const now = () => profile() ?? { quality: qualities()[0] ?? "fast", av1: false };
  return (
    <Show when={qualities().length > 1 || isAv1Allowed()}>
      <div class="flex flex-wrap items-center gap-3">
        <Show when={qualities().length > 1}>
          <select
            aria-label="How new videos are encoded"
            class="frame label select min-h-11"
            onChange={(event) => {
              const quality = qualitySchema.safeParse(event.currentTarget.value);
              if (quality.success) choose({ ...now(), quality: quality.data });
            }}
          >
            <For each={qualities()}>
              {(quality) => (
                <option value={quality} selected={now().quality === quality}>
                  {NAMES[quality]}
                </option>
              )}
            </For>
          </select>
        </Show>
        <Show when={isAv1Allowed()}>
          <label class="label flex min-h-11 items-center gap-2">
            <input
              type="checkbox"
              class="size-5 accent-black"
              checked={now().av1}
              onChange={(event) => choose({ ...now(), av1: event.currentTarget.checked })}
            />
            AV1 too
          </label>
        </Show>
      </div>
    </Show>
  );
}
