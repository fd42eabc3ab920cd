import { expect, test } from "vitest";
import { takesGzip } from "./gzip.ts";

test.each([
  ["gzip", true],
  ["br, GZIP;q=0.5", true],
  ["gzip, deflate, br, zstd", true],
  ["gzip;q=0", false],
  ["gzip; q=0.00", false],
  ["x-gzipped, br", false],
  ["", false],
  [undefined, false],
])("%j: %s", (header, takes) => {
  expect(takesGzip(header)).toBe(takes);
});
