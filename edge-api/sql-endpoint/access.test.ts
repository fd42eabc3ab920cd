/** Who may send SQL. */
import { expect, test } from "vitest";
import { accessCheck } from "./access.ts";

const mayEnter = accessCheck("postgresql://sx:p%40ss@db:5432/storagex");

test.each([
  ["postgresql://sx:p%40ss@db:5432/storagex"],
  ["postgresql://sx:p%40ss@127.0.0.1/storagex?application_name=x"],
  ["postgres://sx:p@ss@db/storagex"],
])("%s enters: the same user, password and database under any host", (text) => {
  expect(mayEnter(text)).toBe(true);
});

test.each([
  [undefined],
  [""],
  ["not a url"],
  ["postgresql://sx@db/storagex"],
  ["postgresql://sx:p%40sS@db/storagex"],
  ["postgresql://other:p%40ss@db/storagex"],
  ["postgresql://sx:p%40ss@db/postgres"],
])("%s stays outside", (text) => {
  expect(mayEnter(text)).toBe(false);
});
