/**
 * The words of the pages, area by area. English is compiled into the components of its area and is the type of
 * every other language; those are loaded in two pieces, `open` for pages without an account and `signedIn`.
 */
import { type BaseRecordDict, type Translator, translator } from "@solid-primitives/i18n";
import type { Language } from "@storagex/contract/language";
import { createSignal } from "solid-js";
import type { AreaWords, OpenAreas, SignedInAreas } from "./areas.ts";
import { language } from "./language.ts";

export type Translated = Exclude<Language, "en">;
type Pieces = {
  open: () => Promise<{ default: OpenAreas }>;
  signedIn: () => Promise<{ default: SignedInAreas }>;
};
type Piece = keyof Pieces;

const PIECES: Readonly<Record<Translated, Pieces>> = {
  de: { open: () => import("./de/open.ts"), signedIn: () => import("./de/signed-in.ts") },
};

type Loaded = Partial<Record<Translated, Partial<AreaWords>>>;
const [loaded, setLoaded] = createSignal<Loaded>({});

/** Which pieces of the shown language the page needs by now. */
const needed = new Set<Piece>(["open"]);

/** Gives the words of `other` to the pages: for the server, which has all languages from the start. */
export function provideWords(other: Translated, areas: Partial<AreaWords>): void {
  setLoaded((before) => ({ ...before, [other]: { ...before[other], ...areas } }));
}

/** Loads what the page needs of `wished`. A piece that does not come leaves its words English. */
export async function loadPieces(wished: Language): Promise<void> {
  if (wished === "en") return;
  await Promise.all(
    [...needed].map(async (piece) => {
      const areas = await PIECES[wished][piece]().catch(() => undefined);
      if (areas) provideWords(wished, areas.default);
    }),
  );
}

/** Loads the words of the page as it came from the server. Await it before the page hydrates. */
export const loadLanguage = (): Promise<void> => loadPieces(language());

/** Loads the words of what only a signed-in account sees. Await it before showing that. */
export function needSignedIn(): Promise<void> {
  if (needed.has("signedIn")) return Promise.resolve();
  needed.add("signedIn");
  return loadPieces(language());
}

/**
 * The translator of an area: `t("key")`, or `t("key", …)` where the words depend on values. It is reactive.
 * What no language of the page has yet is English.
 */
export function wordsOf<English extends BaseRecordDict>(
  area: keyof AreaWords,
  english: English,
): Translator<English> {
  return translator(() => {
    const shown = language();
    const words: unknown = shown === "en" ? undefined : loaded()[shown]?.[area];
    // Every language's area has the type of the English one: see `AreaWords`.
    return (words as English | undefined) ?? english;
  });
}
