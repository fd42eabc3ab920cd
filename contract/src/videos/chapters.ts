/** Chapters of a video: those it declares, or those written into its description. Pure. */
import { type Chapter, MAX_CHAPTERS } from "./video-fields.ts";

const LINE = /^\s*[([]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[)\]]?\s*[-–—:.|]?\s*(.*\S)\s*$/u;
/** Fewer lines with a time are a remark, not a list. */
const MIN_CHAPTERS = 2;

/**
 * The chapters of a description: lines such as `1:02:03 Title`, from 0:00 on, in rising order; none where the
 * lines are anything else.
 */
export function chaptersIn(description: string): Chapter[] {
  const found = description.split("\n").flatMap((line) => {
    const [, hours = "0", minutes = "", seconds = "", title = ""] = LINE.exec(line) ?? [];
    if (title === "" || Number(seconds) > 59) return [];
    return [{ start: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), title }];
  });
  const isRising = found.every(({ start }, at) => start > (found[at - 1]?.start ?? -1));
  return found.length >= MIN_CHAPTERS && found[0]?.start === 0 && isRising
    ? found.slice(0, MAX_CHAPTERS)
    : [];
}

/** A description without the lines that are its chapters: those have a list of their own. */
export function withoutChapters(description: string): string {
  if (chaptersIn(description).length === 0) return description;
  const rest = description.split("\n").filter((line) => !LINE.test(line));
  // The blank lines around them are one.
  return rest
    .join("\n")
    .replace(/\n\s*\n/g, "\n\n")
    .trim();
}

/** The declared chapters, else those of the description; none that begin after the end. */
export function chaptersOf(
  declared: readonly Chapter[],
  description: string,
  duration: number | null,
): Chapter[] {
  const all = declared.length > 0 ? [...declared] : chaptersIn(description);
  return all.filter(({ start }) => duration === null || start < duration).sort((a, b) => a.start - b.start);
}

/** The index of the chapter at `time` (seconds), or -1. */
export const chapterAt = (chapters: readonly Chapter[], time: number): number =>
  chapters.findLastIndex(({ start }) => start <= time);
