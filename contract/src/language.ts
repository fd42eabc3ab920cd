/** The languages of the pages. Each has its words in `web/src/messages` and `edge-api/src/visitors/messages`. */

/** By the language's own name. English is the first: what the others are made from, and the fallback. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_CODES: readonly Language[] = ["en", "de"];
/** What an account may choose; `system`: what each browser says. */
export const LANGUAGE_CHOICES = ["system", "en", "de"] as const satisfies readonly (Language | "system")[];
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number];
export const FALLBACK_LANGUAGE: Language = "en";

/** Whose dates and numbers are written. English ones as the rest of the world writes them. */
export const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", de: "de-DE" };

/** What somebody chose in this browser; without it the browser's own languages count. */
export const LANGUAGE_COOKIE = "storagex.language";

export const isLanguage = (text: unknown): text is Language =>
  typeof text === "string" && Object.hasOwn(LANGUAGES, text);

/** The first of `wished` (language tags, the dearest first) that there is, also by its language alone. */
export function languageOf(wished: readonly string[]): Language {
  for (const tag of wished) {
    const [language] = tag.toLowerCase().split("-");
    if (isLanguage(language)) return language;
  }
  return FALLBACK_LANGUAGE;
}
