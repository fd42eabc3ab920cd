import { expect, test } from "vitest";
import { safeNext } from "./next.ts";

test.each([
  ["/videos/a?x=1", "/videos/a?x=1"],
  [undefined, "/"],
  ["//evil.test", "/"],
  ["/\\evil.test", "/"],
  ["https://evil.test", "/"],
  ["javascript:alert(1)", "/"],
])("after signing in, %s leads to %s", (next, path) => expect(safeNext(next)).toBe(path));
