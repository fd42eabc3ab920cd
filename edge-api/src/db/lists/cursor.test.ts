/** Cursors: those we wrote can be read for the same list; anything else is a client error. */
import { expect, test } from "vitest";
import { readCursor, writeCursor } from "./cursor.ts";
import { NEWEST } from "./order.ts";

const cursor = { at: "1795515600123456", id: "V1StGXR8_Z5jdHi6B-myT" };
const list = { name: "videos", sort: "newest", q: undefined };

test("a cursor comes back as it was", async () => {
  const text = await writeCursor(cursor, list);
  expect(text).toMatch(/^[\w-]+$/);
  expect(await readCursor(text, { name: "videos", sort: "newest" }, NEWEST)).toEqual(cursor);
});

test.each([
  { ...list, q: "a" },
  { ...list, sort: "oldest" },
  { ...list, name: "users" },
])("one of another list than %j is refused", async (other) => {
  const text = await writeCursor(cursor, list);
  await expect(readCursor(text, other, NEWEST)).rejects.toThrow(/request\.invalid/);
});

test.each([
  "",
  "x",
  "💥",
  btoa("[]"),
  btoa('["1"]'),
  btoa('["1\'","a","m"]'),
  btoa('["1","a b","m"]'),
  btoa('["99999999999999999","a","m"]'),
  btoa('["1","a"]'),
  "a".repeat(200),
])("refuses %j", (text) => expect(readCursor(text, list, NEWEST)).rejects.toThrow(/request\.invalid/));
