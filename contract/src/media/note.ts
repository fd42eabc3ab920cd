/**
 * Notes: what was done with a source that its uploader may not expect, each code with its message. No note
 * stops a video.
 */
import { z } from "zod";
import { filledNote } from "./note-values.ts";

/**
 * `{name}` stands for a value that the caller must supply. Messages may change; codes and values must not.
 */
export const MEDIA_NOTES = {
  "audio.left_out": "Audio track {track} ({codec}) cannot be decoded and was left out.",
  "audio.silent": "Audio track {track} holds nothing that can be decoded: it is silent.",
  "audio.breaks_off": "Audio track {track} cannot be decoded from {at} on: it is silent from there.",
  "audio.damaged": "Most of audio track {track} is damaged: it is silent where it cannot be decoded.",
  "audio.nothing_heard": "Audio track {track} holds only silence, in the file itself too.",
  "audio.other_programme":
    "The file carries several programmes: {count} audio track(s) that do not belong to the video were left out.",
  "audio.too_many": "The first {taken} audio tracks were taken; {left} more were left out.",
  "audio.paired":
    "Audio tracks {left} and {right}, mono and without names, became left and right of one stereo track.",
  "audio.layout_assumed":
    "The {channels} channels of audio track {track} have no names in the file and were taken as {layout}.",
  "audio.mixed":
    "The {channels} channels of audio track {track} have no names in the file: odd ones were mixed to the left, even ones to the right.",
  "audio.ambisonic":
    "Audio track {track} is ambisonic: it was reduced to its first channel, without directions.",
} as const satisfies Record<string, string>;

export type MediaNoteCode = keyof typeof MEDIA_NOTES;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type ValuesOf<Code extends MediaNoteCode> = Record<NamesIn<(typeof MEDIA_NOTES)[Code]>, string | number>;

const LONGEST_VALUE = 200;

/**
 * A note as workers report it and as it is stored: without its message, and open to codes of later releases.
 */
export const mediaNoteSchema = z.object({
  code: z
    .string()
    .max(60)
    .regex(/^[a-z]+(\.[a-z_]+)+$/),
  values: z.record(z.string().max(40), z.string().max(LONGEST_VALUE)),
});
export type MediaNote = z.infer<typeof mediaNoteSchema>;

/**
 * Builds a note. Values may come from a file: control characters are removed and long values are truncated.
 */
export function noteOf<Code extends MediaNoteCode>(code: Code, values: ValuesOf<Code>): MediaNote {
  const texts = Object.entries<string | number>(values).map(([name, value]) => [name, plain(String(value))]);
  return { code, values: Object.fromEntries(texts) };
}

/** Truncate between code points: PostgreSQL refuses half of a surrogate pair. */
const plain = (text: string) => {
  const kept = [...text.replaceAll(/\p{C}/gu, " ")];
  while (kept.join("").length > LONGEST_VALUE) kept.pop();
  return kept.join("");
};

/** The messages of the notes that the table knows, without duplicates, in their order. */
export function noteMessages(
  notes: readonly MediaNote[],
): { code: MediaNoteCode; message: string; values: MediaNote["values"] }[] {
  const told = notes.flatMap(({ code, values }) => {
    if (!isKnown(code)) return [];
    return [{ code, message: filledNote(MEDIA_NOTES[code], values), values }];
  });
  return [...new Map(told.map((each) => [each.message, each])).values()];
}

const isKnown = (code: string): code is MediaNoteCode => Object.hasOwn(MEDIA_NOTES, code);
