/** Cursors: those we wrote can be read; anything else is a client error. */
import { expect, test } from "vitest";
import { readCursor, writeCursor } from "./cursor.ts";

test("a cursor comes back as it was", () => {
  const cursor = { at: "1795515600123456", id: "V1StGXR8_Z5jdHi6B-myT" };
  const text = writeCursor(cursor);
  expect(text).toMatch(/^[\w-]+$/);
  expect(readCursor(text)).toEqual(cursor);
});

test.each([
  "",
  "x",
  "💥",
  btoa("[]"),
  btoa('["1"]'),
  btoa('["1\'","a"]'),
  btoa('["1","a b"]'),
  btoa('["99999999999999999","a"]'),
  "a".repeat(200),
])("refuses %j", (text) => expect(() => readCursor(text)).toThrow(/request\.invalid/));
