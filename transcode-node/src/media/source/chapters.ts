/** The chapters that a file holds, as ffprobe lists them. */
import { visibleLine } from "@storagex/contract/text/hidden-characters";
import { type Chapter, MAX_CHAPTERS } from "@storagex/contract/videos/video-fields";
import { z } from "zod";

export const probedChapterSchema = z.object({
  start_time: z.coerce.number(),
  tags: z.record(z.string(), z.string()).default({}),
});
export type ProbedChapter = z.infer<typeof probedChapterSchema>;

/** Characters of a title. */
const MAX_TITLE = 300;

/**
 * The chapters in seconds of the timeline, whose zero is `origin` on the container's clock: in order of time,
 * one at a time, those that begin before `duration`. A single one without a title divides nothing.
 */
export function chaptersOf(probed: readonly ProbedChapter[], origin: number, duration: number): Chapter[] {
  const byStart = new Map<number, string>();
  for (const { start_time, tags } of probed) {
    const start = Math.max(0, Math.round((start_time - origin) * 1000) / 1000);
    if (start < duration && !byStart.has(start)) byStart.set(start, titleOf(tags));
  }
  const ordered = [...byStart].sort(([a], [b]) => a - b).slice(0, MAX_CHAPTERS);
  if (ordered.length === 1 && ordered[0]?.[1] === "") return [];
  return ordered.map(([start, title], at) => ({ start, title: title || `Chapter ${at + 1}` }));
}

function titleOf(tags: Readonly<Record<string, string>>): string {
  return visibleLine(tags.title ?? tags.TITLE ?? "")
    .slice(0, MAX_TITLE)
    .toWellFormed()
    .trim();
}
