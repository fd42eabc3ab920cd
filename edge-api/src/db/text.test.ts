import { expect, test } from "vitest";
import { storable } from "./text.ts";

test.each([
  ["cafe\u0301", "café"],
  ["a\0b\ud83c", "ab\ufffd"],
  // NFC takes these apart: fifty of them would be a hundred, in a field that holds fifty.
  ["\u0958".repeat(50), "\u0958".repeat(50)],
  ["\u{1d15e}".repeat(150), "\u{1d15e}".repeat(150)],
  ["e\u0301\u0301e\u0301\u0958", "é\u0301é\u0915\u093c"],
])("%j is stored as %j, never longer than it was", (text, stored) => expect(storable(text)).toBe(stored));
