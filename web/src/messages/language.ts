/**
 * The language of the page. On the server it belongs to the request; in the browser it is one signal, which
 * starts with the language that the server wrote into the page.
 */
import { FALLBACK_LANGUAGE, isLanguage, type Language, LOCALES } from "@storagex/contract/language";
import { createSignal } from "solid-js";
import { getRequestEvent, isServer } from "solid-js/web";

/** The Worker overwrites this header on every request. */
const LANGUAGE_HEADER = "x-storagex-language";

const [shown, setShown] = createSignal<Language>(writtenLanguage());

/** As the server wrote it; English where there is no page, as in a test. */
function writtenLanguage(): Language {
  const written = typeof document === "undefined" ? undefined : document.documentElement.lang;
  return isLanguage(written) ? written : FALLBACK_LANGUAGE;
}

/** The language of the page. */
export function language(): Language {
  if (!isServer) return shown();
  const asked = getRequestEvent()?.request.headers.get(LANGUAGE_HEADER);
  return isLanguage(asked) ? asked : FALLBACK_LANGUAGE;
}

/** For Intl: the page's language, as it is written in one country. */
export const locale = (): string => LOCALES[language()];

/** Shows the page in `next`. Its words are loaded before: see `chooseLanguage`. */
export function setLanguage(next: Language): void {
  setShown(next);
  document.documentElement.lang = next;
}
