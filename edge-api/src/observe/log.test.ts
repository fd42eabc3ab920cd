/** What the log says of a request, which others may read. */
import { expect, test } from "vitest";
import { loggedPath } from "./log.ts";

test.each([
  ["/v1/videos/abc", "/v1/videos/abc"],
  ["/play/eyJhbGciOi.J9.sig/master.m3u8", "/play/…/master.m3u8"],
  ["/join/one-time", "/join/…"],
  ["/reset/one-time", "/reset/…"],
  ["/s/sxs_0a1B2c", "/s/sxs_…"],
  ["/u/sxu_0a1B2c", "/u/sxu_…"],
  ["/embed/s/sxs_0a1B.2c-d_e/poster.jpg", "/embed/s/sxs_…/poster.jpg"],
  ["/v1/x/sxv_first/sxv_second", "/v1/x/sxv_…/sxv_…"],
])("%s is logged as %s", (path, logged) => {
  expect(loggedPath(path)).toBe(logged);
});

test("a path of any length takes two hundred characters, and no secret is cut so that it is not known as one", () => {
  expect(loggedPath(`/${"x".repeat(5_000)}`)).toBe(`/${"x".repeat(199)}`);
  const late = loggedPath(`/${"x".repeat(190)}/sxs_${"secret".repeat(20)}`);
  expect(late).not.toContain("secret");
  expect(late.length).toBeLessThanOrEqual(200);
});
