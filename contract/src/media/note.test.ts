import { describe, expect, test } from "vitest";
import { mediaNoteSchema, noteMessages, noteOf } from "./note.ts";

describe("notes on a source", () => {
  test("become the table's sentences, each once", () => {
    const note = noteOf("audio.left_out", { track: 2, codec: "Dolby AC-4" });
    const other = noteOf("audio.silent", { track: 3 });
    expect(noteMessages([note, other, note])).toEqual([
      { ...note, message: "Audio track 2 (Dolby AC-4) cannot be decoded and was left out." },
      { ...other, message: "Audio track 3 holds nothing that can be decoded: it is silent." },
    ]);
  });

  test("of a later release are passed over, not refused", () => {
    const later = mediaNoteSchema.parse({ code: "audio.from_the_future", values: { any: "thing" } });
    expect(noteMessages([later])).toEqual([]);
  });

  test("hold what a file says as plain text that the schema and the database take", () => {
    const note = noteOf("audio.left_out", { track: 1, codec: `a\u0000b\nc${"😀".repeat(150)}` });
    expect(mediaNoteSchema.parse(note)).toEqual(note);
    expect(note.values.codec?.startsWith("a b c😀")).toBe(true);
    expect(note.values.codec?.isWellFormed()).toBe(true);
    // A value that looks like a placeholder is not replaced.
    expect(noteMessages([noteOf("audio.left_out", { track: 1, codec: "{track}" })])[0]?.message).toContain(
      "({track})",
    );
  });
});
