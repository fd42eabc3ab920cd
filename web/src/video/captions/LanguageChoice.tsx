/** A language by its name; any other by its tag. */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { locale } from "../../messages/language.ts";
import { t } from "../../messages/video.ts";
import { Field } from "../../ui/form/Field.tsx";

/** Written and spoken by many; every other language can be given by its tag. */
const COMMON =
  "ar bg bn ca cs da de el en es es-419 et fa fi fil fr gu he hi hr hu id is it ja kn ko lt lv ml mr ms nb nl nn pa pl pt pt-BR ro ru sk sl sq sr sv sw ta te th tr uk ur vi zh-Hans zh-Hant".split(
    " ",
  );
const OTHER = "";

export function LanguageChoice(props: { value: string; onChoose: (tag: string) => void }): JSX.Element {
  const id = createUniqueId();
  const [isOther, setOther] = createSignal(false);
  const choices = () => {
    const names = new Intl.DisplayNames([locale()], { type: "language" });
    return COMMON.map((tag) => ({ tag, name: names.of(tag) ?? tag })).sort((a, b) =>
      a.name.localeCompare(b.name, locale()),
    );
  };
  return (
    <>
      <div class="grid gap-2">
        <label for={id} class="label">
          {t("language")}
        </label>
        <select
          id={id}
          class="frame min-h-12 w-full px-3 text-base"
          onChange={(event) => {
            const tag = event.currentTarget.value;
            setOther(tag === OTHER);
            if (tag !== OTHER) props.onChoose(tag);
          }}
        >
          <For each={choices()}>
            {({ tag, name }) => (
              <option value={tag} selected={!isOther() && tag === props.value}>
                {name}
              </option>
            )}
          </For>
          <option value={OTHER} selected={isOther()}>
            {t("anotherLanguage")}
          </option>
        </select>
      </div>
      <Show when={isOther()}>
        <Field
          label={t("languageTag")}
          value={props.value}
          maxlength="35"
          help={t("languageTagHelp")}
          onInput={(event) => props.onChoose(event.currentTarget.value)}
        />
      </Show>
    </>
  );
}
