/** The choice of a language: kept in this browser, and with the account where somebody is signed in. */
import {
  isLanguage,
  LANGUAGE_COOKIE,
  type Language,
  type LanguageChoice,
  languageOf,
} from "@storagex/contract/language";
import { setLanguage } from "./language.ts";
import { loadPieces } from "./words.ts";

/** What is chosen in this browser, by its cookie: the server reads it, too. */
export function keptLanguage(): LanguageChoice {
  const kept = document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${LANGUAGE_COOKIE}=`))
    ?.slice(LANGUAGE_COOKIE.length + 1);
  return isLanguage(kept) ? kept : "system";
}

/** A year. Where cookies are blocked, the choice lasts for this page. */
function keepLanguage(choice: LanguageChoice): void {
  const life = choice === "system" ? 0 : 31_536_000;
  const isSecure = location.protocol === "https:";
  // biome-ignore lint/suspicious/noDocumentCookie: Safari and Firefox have the Cookie Store API too short a time.
  document.cookie = `${LANGUAGE_COOKIE}=${choice}; path=/; max-age=${life}; samesite=lax${isSecure ? "; secure" : ""}`;
}

/** The language that a choice means in this browser. */
const meantBy = (choice: LanguageChoice): Language =>
  choice === "system" ? languageOf(navigator.languages) : choice;

/** Shows the pages in another language, here and the next time. */
export async function chooseLanguage(choice: LanguageChoice): Promise<void> {
  keepLanguage(choice);
  const next = meantBy(choice);
  await loadPieces(next);
  setLanguage(next);
}

/** The account's choice, when somebody signs in; "system" leaves this browser its own. */
export async function adoptLanguage(choice: LanguageChoice): Promise<void> {
  if (choice !== "system" && choice !== keptLanguage()) await chooseLanguage(choice);
}
