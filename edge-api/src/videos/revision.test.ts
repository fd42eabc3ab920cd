/** Which revisions an `If-Match` header names. */
import { expect, test } from "vitest";
import { readIfMatch } from "./revision.ts";

test.each([
  [undefined, undefined],
  ["*", undefined],
  ['"3"', [3]],
  ['W/"3"', [3]],
  ['"3-a1b2"', [3]],
  ['"3;window=17"', [3]],
  ['"3", W/"12-x"', [3, 12]],
  ['"31"', [31]],
  ['"x3"', []],
  ['""', []],
  ["3", []],
  ['"1234567890"', []],
])("%s names %j", (header, revisions) => {
  expect(readIfMatch(header)).toEqual(revisions);
});
