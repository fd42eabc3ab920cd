/** Language tags (BCP 47, RFC 5646) and their English names. */

/** Codes for an unknown language (ISO 639-2). */
const UNSAID = new Set(["und", "mis"]);

/**
 * The canonical and shortest form of a tag: `ger` and `deu` become `de`, `en-us` becomes `en-US`. Undefined
 * where the text is no tag or means an unknown language.
 */
export function languageTag(text: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    return tag === undefined || UNSAID.has(tag) ? undefined : tag;
  } catch {
    return undefined;
  }
}

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** The English name of a tag's language; undefined where there is none (`qaa`). */
export function languageName(tag: string): string | undefined {
  try {
    return names.of(tag);
  } catch {
    return undefined;
  }
}
