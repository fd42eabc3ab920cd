import { expect, test } from "vitest";
import { Room } from "./room.ts";

test("imports share the memory; one that is alone has room for a part of any size", () => {
  const room = new Room(100);
  const first = room.take(60);
  expect(first).toBeDefined();
  expect(room.isFree).toBe(true);
  expect(room.take(41)).toBeUndefined();
  const second = room.take(40);
  expect(room.isFree).toBe(false);
  first?.();
  first?.();
  expect(room.take(61)).toBeUndefined();
  second?.();
  const large = room.take(5_000);
  expect(large).toBeDefined();
  expect(room.take(1)).toBeUndefined();
});
