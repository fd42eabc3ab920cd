import bcrypt from "bcryptjs";
import { expect, test, vi } from "vitest";
import { newId } from "../../keys/random.ts";
import { hashPassword, isPassword } from "./passwords.ts";

test("the right one, and nothing else, is the password", async () => {
  const hash = await hashPassword("correct horse battery");
  expect(hash).toMatch(/^\$2[aby]\$10\$/);
  expect(await isPassword("correct horse battery", hash)).toBe(true);
  expect(await isPassword("correct horse batterY", hash)).toBe(false);
  expect(await isPassword("", hash)).toBe(false);
  expect(await isPassword("correct horse battery", undefined)).toBe(false);
});

test("an account without a password takes as long as any", async () => {
  const hash = vi.spyOn(bcrypt, "hash");
  for (const none of [undefined, "", "$2b$10$short"]) expect(await isPassword("one", none)).toBe(false);
  expect(hash).toHaveBeenCalledTimes(3);
  hash.mockRestore();
});

test("bcrypt's blind end is never reached", async () => {
  const full = "x".repeat(72);
  const hash = await hashPassword(full);
  expect(await isPassword(`${full}more`, hash)).toBe(false);
  expect(await isPassword(`${full}\0`, hash)).toBe(false);
  await expect(hashPassword(`${full}y`)).rejects.toThrow(RangeError);
  await expect(hashPassword("a\0b")).rejects.toThrow(RangeError);
  expect(await isPassword("x".repeat(73), await hashPassword(""))).toBe(false);
});

test("the hash is bcrypt's own, of any cost", async () => {
  expect(bcrypt.compareSync("one", await hashPassword("one"))).toBe(true);
  for (const cost of [4, 5, 6, 10]) expect(await isPassword("one", bcrypt.hashSync("one", cost))).toBe(true);
});

test("others have their turn while it is hashed, and the clock is as before whenever they do", async () => {
  const clock = Date.now;
  let turns = 0;
  let isOver = false;
  const others = async (): Promise<void> => {
    while (!isOver) {
      await new Promise(setImmediate);
      expect(Date.now).toBe(clock);
      turns += 1;
    }
  };
  const hashing = Promise.all([hashPassword("one"), isPassword("two", undefined)]).finally(() => {
    isOver = true;
  });
  await Promise.all([others(), hashing]);
  expect(turns).toBeGreaterThan(25);
  expect(Date.now).toBe(clock);
});

test("ids are 20 letters and digits, and do not repeat", () => {
  const ids = new Set(Array.from({ length: 1_000 }, newId));
  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{20}$/);
});
