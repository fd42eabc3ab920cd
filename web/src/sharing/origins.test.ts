/** What a person types becomes origins, and what is no site is named. */
import { expect, test } from "vitest";
import { originsIn } from "./origins.ts";

test("sites are taken with and without a scheme, each once", () => {
  expect(
    originsIn("  example.org, https://News.example\nhttp://localhost:8080 https://example.org/"),
  ).toEqual({
    origins: ["https://example.org", "https://news.example", "http://localhost:8080"],
    wrong: undefined,
  });
  expect(originsIn("")).toEqual({ origins: [], wrong: undefined });
});

test.each([
  "https://example.org/page",
  "ftp://example.org",
  "*.example.org",
  "https://a:b@example.org",
  "a b://",
])("%s names no site", (text) => {
  expect(originsIn(`https://fine.example ${text}`).wrong).toBeDefined();
});
