import { expect, test } from "vitest";
import { type PartUrl, PartUrls } from "./part-urls.ts";

const HOUR = 3_600_000;

function setUp(count: number, now = { at: 0 }) {
  const asked: number[][] = [];
  const fetch = async (numbers: number[]): Promise<PartUrl[]> => {
    asked.push(numbers);
    return numbers.map((partNumber) => ({
      partNumber,
      url: `https://s3.test/${partNumber}?asked=${asked.length}`,
      expiresAt: new Date(now.at + HOUR).toISOString(),
    }));
  };
  return { asked, now, fetch, urls: new PartUrls(fetch, count, [], () => now.at) };
}

test("URLs come in batches of twenty, and a batch on its way is not asked for twice", async () => {
  const { urls, asked } = setUp(45);
  const got = await Promise.all([1, 2, 3, 20].map((number) => urls.get(number)));
  expect(asked).toEqual([Array.from({ length: 20 }, (_, index) => index + 1)]);
  expect(got[3]).toBe("https://s3.test/20?asked=1");
  await urls.get(41);
  expect(asked[1]).toEqual([41, 42, 43, 44, 45]);
});

test("a URL near its end is replaced, a living one is kept", async () => {
  const { urls, asked, now } = setUp(2);
  await urls.get(1);
  now.at = HOUR - 130_000;
  expect(await urls.get(1)).toContain("asked=1");
  now.at = HOUR - 100_000;
  expect(await urls.get(1)).toContain("asked=2");
  expect(asked).toHaveLength(2);
});

test("what storage refused is asked for again", async () => {
  const { urls } = setUp(1);
  const refused = await urls.get(1);
  urls.forget(refused);
  expect(await urls.get(1)).not.toBe(refused);
});

test("the ticket's own URLs are used first", async () => {
  const { fetch, asked } = setUp(1);
  const first = [{ partNumber: 1, url: "https://s3.test/ticket", expiresAt: new Date(HOUR).toISOString() }];
  expect(await new PartUrls(fetch, 1, first, () => 0).get(1)).toBe("https://s3.test/ticket");
  expect(asked).toEqual([]);
});

test("a failed batch can be asked for again", async () => {
  let fails = true;
  const urls = new PartUrls(
    async () => {
      if (fails) throw new Error("no network");
      return [{ partNumber: 1, url: "https://s3.test/1", expiresAt: new Date(HOUR).toISOString() }];
    },
    1,
    [],
    () => 0,
  );
  await expect(urls.get(1)).rejects.toThrow("no network");
  fails = false;
  expect(await urls.get(1)).toBe("https://s3.test/1");
});
