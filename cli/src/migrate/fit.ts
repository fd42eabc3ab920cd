/** Makes what other platforms say of a video fit what StorageX takes (docs/api.md, "Describing videos"). */
import type { Captions, Fields } from "./platform.ts";

const MAX = { title: 300, description: 5_000, tags: 20, tag: 50, chapters: 200, label: 60 };
const MAX_METADATA = { pairs: 50, key: 40, value: 500 };

const cut = (text: string, length: number): string =>
  text
    .replaceAll("\0", "")
    .trim()
    .slice(0, length)
    // Half of a character.
    .replace(/[\ud800-\udbff]$/, "")
    .toWellFormed()
    .trim();
const oneLine = (text: string, length: number): string => cut(text.replaceAll(/\p{Cc}/gu, " "), length);

type Given = {
  title: string;
  description?: string | null | undefined;
  tags?: string[] | undefined;
  chapters?: { start: number; title: string }[];
  /** What StorageX has no field for; what is empty is left out. */
  metadata: Record<string, string | null | undefined>;
};

export function fit({ title, description, tags = [], chapters = [], metadata }: Given): Fields {
  const named = tags.map((tag) => oneLine(tag, MAX.tag)).filter((tag) => tag !== "");
  const pairs = Object.entries(metadata).flatMap(([key, value]) => {
    const text = cut(value ?? "", MAX_METADATA.value);
    return text === "" ? [] : [[oneLine(key, MAX_METADATA.key), text]];
  });
  return {
    title: oneLine(title, MAX.title),
    ...(description && { description: cut(description, MAX.description) }),
    ...(named.length > 0 && { tags: [...new Set(named)].slice(0, MAX.tags) }),
    ...(chapters.length > 0 && { chapters: inOrder(chapters).slice(0, MAX.chapters) }),
    metadata: Object.fromEntries(pairs.slice(0, MAX_METADATA.pairs)),
  };
}

/** One chapter for each time. */
function inOrder(chapters: { start: number; title: string }[]): { start: number; title: string }[] {
  const byStart = new Map(
    chapters.map(({ start, title }) => [start, oneLine(title, MAX.title) || "–"] as const),
  );
  return [...byStart].sort(([a], [b]) => a - b).map(([start, title]) => ({ start, title }));
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

/** Language and label of a track; where it has no name, its language's. */
export function fitTrack(language: string, name: string | null | undefined): Omit<Captions, "content"> {
  const label = oneLine(name ?? "", MAX.label);
  return { language, label: label || oneLine(nameOf(language), MAX.label) };
}

function nameOf(language: string): string {
  try {
    return LANGUAGES.of(language) ?? language;
  } catch {
    return language;
  }
}

/** A name for the file that is imported, as people would have called it. */
export const filenameFor = (title: string, id: string, extension: string): string =>
  `${oneLine(title.replaceAll(/[/\\]/g, "_"), 200) || id}.${extension}`;
