import { expect, test } from "vitest";
import { traceOf } from "./trace.ts";

const ID = "0123456789abcdef0123456789abcdef";

test("a trace goes on with a span of ours", () => {
  const { traceId, traceparent } = traceOf(`00-${ID}-0123456789abcdef-00`);
  expect(traceId).toBe(ID);
  expect(traceparent).toMatch(new RegExp(`^00-${ID}-(?!0123456789abcdef)[0-9a-f]{16}-01$`));
});

test.each([
  undefined,
  "",
  "nonsense",
  `00-${"0".repeat(32)}-0123456789abcdef-01`,
  `00-${ID}-${"0".repeat(16)}-01`,
])("%s starts a new one", (header) => {
  const { traceId } = traceOf(header);
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect([ID, "0".repeat(32)]).not.toContain(traceId);
});
