/** Values as Neon's client would give them, from PostgreSQL's text. */
import { expect, test } from "vitest";
import { jsonOfRows } from "./row-json.ts";

const TYPES = {
  bool: 16,
  int8: 20,
  int4: 23,
  text: 25,
  json: 114,
  float8: 701,
  ints: 1007,
  numeric: 1700,
  jsonb: 3802,
};

function sent(type: keyof typeof TYPES, text: string | null): unknown {
  const line = jsonOfRows([{ name: "a", dataTypeID: TYPES[type] }], [[text]]);
  expect(line).not.toContain("\n");
  const { columns, rows } = JSON.parse(line);
  expect(columns).toEqual(["a"]);
  return rows[0][0];
}

test.each([
  ["bool", "t", true],
  ["bool", "f", false],
  ["int4", "-7", -7],
  ["float8", "1e+20", 1e20],
  ["float8", "0.1", 0.1],
  ["float8", "NaN", "NaN"],
  ["float8", "-Infinity", "-Infinity"],
  ["int8", "9007199254740993", "9007199254740993"],
  ["numeric", "1.50", "1.50"],
  ["text", 'a "b"\n\u2028 ü', 'a "b"\n\u2028 ü'],
  ["json", '[{"a":1},\n {"a":"x\\ny"}]', [{ a: 1 }, { a: "x\ny" }]],
  ["jsonb", '{"a": [1, null]}', { a: [1, null] }],
  ["ints", "{1,2}", [1, 2]],
  ["text", null, null],
] as const)("%s %j", (type, text, value) => {
  expect(sent(type, text)).toEqual(value);
});

test("rows in order, and none", () => {
  const fields = [
    { name: "a", dataTypeID: 23 },
    { name: "b", dataTypeID: 25 },
  ];
  expect(
    jsonOfRows(fields, [
      ["1", "x"],
      ["2", null],
    ]),
  ).toBe('{"columns":["a","b"],"rows":[[1,"x"],[2,null]]}');
  expect(jsonOfRows(fields, [])).toBe('{"columns":["a","b"],"rows":[]}');
});
