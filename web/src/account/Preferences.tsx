/** How the pages look, how videos play, and how new ones are encoded. */
import type { Me } from "@storagex/contract/account";
import { LADDER } from "@storagex/contract/media/ladder";
import { type Quality, qualitySchema } from "@storagex/contract/profile";
import { createUniqueId, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { changeMe } from "../api/session.ts";
import { createPreferences } from "../player/preferences.ts";
import { Reason } from "../ui/Reason.tsx";
import { chooseTheme, chosenTheme, THEMES } from "../ui/theme.ts";
import { Panel } from "./Panel.tsx";

export function Preferences(props: { user: Me }): JSX.Element {
  const save = createAct(changeMe);
  return (
    <Panel title="Preferences">
      <ThemeChoice onChoose={(theme) => save.run({ theme })} />
      <PlaybackQuality />
      <UploadQuality user={props.user} onChoose={(profile) => save.run({ profile })} />
      <Show when={save.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </Panel>
  );
}

const THEME_NAMES = { system: "System", light: "Light", dark: "Dark" } as const;

function ThemeChoice(props: { onChoose: (theme: (typeof THEMES)[number]) => void }): JSX.Element {
  return (
    <fieldset class="grid gap-2">
      <legend class="label mb-2">Theme</legend>
      <div class="flex border-3 border-ink">
        <For each={THEMES}>
          {(theme) => (
            <label class="label relative grid min-h-11 grow cursor-pointer place-items-center border-l-3 border-ink px-3 first:border-l-0 hover:bg-signal hover:text-black has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-3 has-focus-visible:-outline-offset-6 has-focus-visible:outline-current">
              <input
                type="radio"
                name="theme"
                value={theme}
                class="absolute inset-0 cursor-pointer opacity-0"
                checked={chosenTheme() === theme}
                onChange={() => {
                  chooseTheme(theme);
                  props.onChoose(theme);
                }}
              />
              {THEME_NAMES[theme]}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}

/** Kept in this browser, as the rest of how somebody watches: it depends on the screen and the network. */
function PlaybackQuality(): JSX.Element {
  const { preferences, prefer } = createPreferences();
  return (
    <Choice
      label="Playback quality"
      help="In this browser. “Auto” follows the network; a video that has less plays in its best."
      value={String(preferences().quality ?? "auto")}
      options={[["auto", "Auto"], ...LADDER.map(({ name, shortSide }) => [String(shortSide), name] as const)]}
      onChoose={(value) => prefer({ quality: value === "auto" ? null : Number(value) })}
    />
  );
}

const QUALITY_NAMES: Readonly<Record<Quality, string>> = {
  fast: "Fast encoding",
  fine: "Fine encoding",
};

function UploadQuality(props: {
  user: Me;
  onChoose: (profile: { quality: Quality; av1: boolean }) => void;
}): JSX.Element {
  const qualities = () => props.user.profiles.flatMap((choice) => (choice === "av1" ? [] : [choice]));
  const isAv1Allowed = () => props.user.profiles.includes("av1");
  const now = () => props.user.profile ?? { quality: qualities()[0] ?? "fast", av1: false };
  return (
    <>
      <Show when={qualities().length > 1}>
        <Choice
          label="New videos"
          help="Fine: smaller files at the same quality, for about three times the work."
          value={now().quality}
          options={qualities().map((quality) => [quality, QUALITY_NAMES[quality]] as const)}
          onChoose={(value) => props.onChoose({ ...now(), quality: qualitySchema.parse(value) })}
        />
      </Show>
      <Show when={isAv1Allowed()}>
        <label class="flex min-h-11 items-center gap-3 font-bold">
          <input
            type="checkbox"
            class="size-6 accent-ink"
            checked={now().av1}
            onChange={(event) => props.onChoose({ ...now(), av1: event.currentTarget.checked })}
          />
          Encode new videos as AV1, too
        </label>
      </Show>
    </>
  );
}

function Choice(props: {
  label: string;
  help: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  onChoose: (value: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {props.label}
      </label>
      <select
        id={id}
        class="frame field label select min-h-12 w-full"
        aria-describedby={`${id}-help`}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        <For each={props.options}>
          {([value, name]) => (
            <option value={value} selected={value === props.value}>
              {name}
            </option>
          )}
        </For>
      </select>
      <p id={`${id}-help`} class="text-small">
        {props.help}
      </p>
    </div>
  );
}
