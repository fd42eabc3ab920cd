import { expect, test } from "vitest";
import { newId } from "../random.ts";
import { hashPassword, isPassword } from "./passwords.ts";

test("the right one, and nothing else, is the password", () => {
  const hash = hashPassword("correct horse battery");
  expect(hash).toMatch(/^\$2[aby]\$10\$/);
  expect(isPassword("correct horse battery", hash)).toBe(true);
  expect(isPassword("correct horse batterY", hash)).toBe(false);
  expect(isPassword("", hash)).toBe(false);
  expect(isPassword("correct horse battery", undefined)).toBe(false);
});

test("bcrypt's blind end is never reached", () => {
  const full = "x".repeat(72);
  const hash = hashPassword(full);
  expect(isPassword(`${full}more`, hash)).toBe(false);
  expect(isPassword(`${full}\0`, hash)).toBe(false);
  expect(() => hashPassword(`${full}y`)).toThrow(RangeError);
  expect(() => hashPassword("a\0b")).toThrow(RangeError);
  expect(isPassword("x".repeat(73), hashPassword(""))).toBe(false);
});

test("ids are 20 letters and digits, and do not repeat", () => {
  const ids = new Set(Array.from({ length: 1_000 }, newId));
  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{20}$/);
});
