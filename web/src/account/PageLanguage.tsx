/** The language of the pages, for people without an account: each by its own name. */
import { LANGUAGE_CODES, LANGUAGES } from "@storagex/contract/language";
import { For, type JSX } from "solid-js";
import { chooseLanguage } from "../messages/choose.ts";
import { language } from "../messages/language.ts";
import { t } from "../messages/shell.ts";

export function PageLanguage(): JSX.Element {
  return (
    <fieldset class="mt-6 flex w-fit flex-wrap border-3 border-ink">
      <legend class="sr-only">{t("language")}</legend>
      <For each={LANGUAGE_CODES}>
        {(code) => (
          <button
            type="button"
            lang={code}
            class="label min-h-11 px-3 aria-pressed:bg-ink aria-pressed:text-paper"
            aria-pressed={language() === code}
            onClick={() => void chooseLanguage(code)}
          >
            {LANGUAGES[code]}
          </button>
        )}
      </For>
    </fieldset>
  );
}
