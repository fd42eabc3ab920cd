/** Folding: which terms find which texts, regardless of case, accents and script. */
import { expect, test } from "vitest";
import { searchPatterns, searchTextOf } from "./search-text.ts";

/** Matches as PostgreSQL's LIKE does. */
const like = (text: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll("%", ".*")}$`, "s").test(text);
const finds = (query: string, ...texts: string[]): boolean => {
  const patterns = searchPatterns(query);
  return patterns.length > 0 && patterns.every((pattern) => like(searchTextOf(texts), pattern));
};

test.each([
  ["cafe", "Café"],
  ["CAFÉ", "cafe"],
  ["CAFÉ", "Cafe\u0301"],
  ["strasse", "Große Straße"],
  ["STRASSE", "straße"],
  ["Straße", "STRASSE"],
  ["istanbul", "İSTANBUL"],
  ["ΌΔΟΣ", "οδος"],
  ["lodz", "Łódź"],
  ["orsted", "Ørsted"],
  ["fi", "ﬁlm"],
  ["привет", "ПРИВЕТ мир"],
  ["한글", "옛한글.mp4"],
  ["東京", "大東京の夜"],
  ["が", "ながい"],
  ["🎬", "film 🎬"],
  ["100%", "100% wool"],
  ["l_s", "wool_sweater"],
  ["sweater wool", "100% wool_sweater"],
  ["ho", "my_holiday-video.mp4"],
  ["m", "my_holiday-video.mp4"],
  ["ab", "x", "abc.mov"],
])("%s finds %s", (query, ...texts) => {
  expect(finds(query, ...texts)).toBe(true);
});

test.each([
  ["か", "ながい"],
  ["%%", "100% wool"],
  ["l_s", "wool sweater"],
  ["ol", "wool"],
  ["o", "wool"],
  ["abc def", "abc"],
  ["qabcd", "é漢"],
  ["caf wool", "Café"],
])("%s does not find %s", (query, ...texts) => {
  expect(finds(query, ...texts)).toBe(false);
});

test("a pattern holds nothing that LIKE would read otherwise, and nothing that is not ASCII", () => {
  for (const pattern of searchPatterns("50%_off \\ 'quoted' \"é漢🎬\" \0"))
    expect(pattern).toMatch(/^% ?[a-z0-9A-Z]+%$/);
  expect(searchPatterns(" \0 ")).toEqual([]);
});
