/** How the pages look, how videos play, and how new ones are encoded. */
import type { Me } from "@storagex/contract/accounts/account";
import { isLanguage, LANGUAGES, type Language } from "@storagex/contract/language";
import { LADDER } from "@storagex/contract/media/ladder";
import { type Quality, qualitySchema } from "@storagex/contract/videos/profile";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createActs } from "../api/act.ts";
import { changeMe } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { chooseLanguage, keptLanguage } from "../messages/choose.ts";
import { createPreferences } from "../player/preferences.ts";
import { Options } from "../ui/form/Options.tsx";
import { ReasonOf } from "../ui/Reason.tsx";
import { chooseTheme, chosenTheme, THEMES } from "../ui/theme/theme.ts";
import { Panel } from "./Panel.tsx";

export function Preferences(props: { user: Me }): JSX.Element {
  const save = createActs(changeMe);
  return (
    <Panel title={t("preferences")}>
      <ThemeChoice onChoose={(theme) => save.run(() => ({ theme }))} />
      <LanguageChoice onChoose={(language) => save.run(() => ({ language }))} />
      <PlaybackQuality />
      <UploadQuality user={props.user} onChoose={(profile) => save.run(() => ({ profile: profile() }))} />
      <ReasonOf failure={save.failure()} />
    </Panel>
  );
}

function ThemeChoice(props: { onChoose: (theme: (typeof THEMES)[number]) => void }): JSX.Element {
  return (
    <fieldset class="grid gap-2">
      <legend class="label mb-2">{t("theme")}</legend>
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
              {t("themes")[theme]}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}

function LanguageChoice(props: { onChoose: (language: Language | "system") => void }): JSX.Element {
  const [chosen, setChosen] = createSignal(keptLanguage());
  const choose = (value: string) => {
    const choice = isLanguage(value) ? value : "system";
    setChosen(choice);
    void chooseLanguage(choice);
    props.onChoose(choice);
  };
  return (
    <Choice
      label={t("language")}
      value={chosen()}
      options={[["system", t("ofBrowser")], ...Object.entries(LANGUAGES)]}
      onChoose={choose}
    />
  );
}

/** Kept in this browser, as the rest of how somebody watches: it depends on the screen and the network. */
function PlaybackQuality(): JSX.Element {
  const { preferences, prefer } = createPreferences();
  return (
    <Choice
      label={t("playbackQuality")}
      help={t("playbackHelp")}
      value={String(preferences().quality ?? "auto")}
      options={[
        ["auto", t("auto")],
        ...LADDER.map(({ name, shortSide }) => [String(shortSide), name] as const),
      ]}
      onChoose={(value) => prefer({ quality: value === "auto" ? null : Number(value) })}
    />
  );
}

function UploadQuality(props: {
  user: Me;
  /** Called when the change before it is known. */
  onChoose: (profile: () => { quality: Quality; av1: boolean }) => void;
}): JSX.Element {
  const qualities = () => props.user.profiles.flatMap((choice) => (choice === "av1" ? [] : [choice]));
  const isAv1Allowed = () => props.user.profiles.includes("av1");
  const now = () => props.user.profile ?? { quality: qualities()[0] ?? "fast", av1: false };
  return (
    <>
      <Show when={qualities().length > 1}>
        <Choice
          label={t("newVideos")}
          help={t("newVideosHelp")}
          value={now().quality}
          options={qualities().map((quality) => [quality, t("qualities")[quality]] as const)}
          onChoose={(value) => props.onChoose(() => ({ ...now(), quality: qualitySchema.parse(value) }))}
        />
      </Show>
      <Show when={isAv1Allowed()}>
        <label class="flex min-h-11 items-center gap-3 font-bold">
          <input
            type="checkbox"
            class="check"
            checked={now().av1}
            onChange={({ currentTarget: { checked } }) => props.onChoose(() => ({ ...now(), av1: checked }))}
          />
          {t("av1")}
        </label>
      </Show>
    </>
  );
}

function Choice(props: {
  label: string;
  help?: string;
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
        aria-describedby={props.help ? `${id}-help` : undefined}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        <Options of={props.options} chosen={props.value} />
      </select>
      <Show when={props.help}>
        <p id={`${id}-help`} class="text-small">
          {props.help}
        </p>
      </Show>
    </div>
  );
}
