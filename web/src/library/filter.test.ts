import { expect, test } from "vitest";
import { filterIn, filterOut, isFiltered } from "./filter.ts";

test.each([
  [{}, {}],
  [
    { status: "failed", q: "sea" },
    { status: "failed", q: "sea" },
  ],
  [{ status: "nonsense", sort: "nonsense", q: "" }, {}],
  [{ tag: "a" }, { tags: ["a"] }],
  [
    { tag: ["a", "b"], sort: "title" },
    { tags: ["a", "b"], sort: "title" },
  ],
  [{ sort: "newest" }, {}],
])("the address %o shows %o", (search, filter) => {
  expect(filterIn(search)).toEqual(filter);
  // And back: what is shown can be linked.
  const again = Object.fromEntries(
    Object.entries(filterOut(filterIn(search))).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    ),
  );
  expect(filterIn(again)).toEqual(filter);
});

test("an order alone leaves nothing out", () => expect(isFiltered({ sort: "title" })).toBe(false));
