import { expect, test } from "vitest";
import { safeNext } from "./next.ts";

test.each([
  ["/videos/a?x=1", "/videos/a?x=1"],
  [undefined, "/"],
  ["//evil.test", "/"],
  ["/\\evil.test", "/"],
  ["/\t/evil.test", "/"],
  ["/\n/evil.test", "/"],
  ["/.//evil.test", "/"],
  ["/..//evil.test", "/"],
  ["//[", "/"],
  ["/?q=a b#c", "/?q=a%20b#c"],
  ["https://evil.test", "/"],
  ["javascript:alert(1)", "/"],
])("after signing in, %s leads to %s", (next, path) => expect(safeNext(next)).toBe(path));
