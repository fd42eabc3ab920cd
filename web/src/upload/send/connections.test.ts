import { expect, test } from "vitest";
import type { Upload } from "../store.ts";
import { startingNow } from "./connections.ts";

const MB = 1_000_000;
const upload = (id: string, size: number, state: Upload["state"], sent = 0): Upload => ({
  id,
  name: id,
  size,
  videoId: null,
  state,
  sent,
  bytesPerSecond: null,
  reason: null,
  isFileLost: false,
});

const ids = (uploads: Upload[]) => startingNow(uploads).map(({ id }) => id);

test("a large file takes every connection, and the next one starts when its last parts are on the way", () => {
  const line = [upload("b", 900 * MB, "waiting"), upload("c", 5 * MB, "waiting")];
  expect(ids([upload("a", 900 * MB, "sending"), ...line])).toEqual([]);
  expect(ids([upload("a", 900 * MB, "sending", 880 * MB), ...line])).toEqual(["b"]);
});

test("small files share the connections", () => {
  const line = ["a", "b", "c", "d", "e", "f", "g"].map((id) => upload(id, 5 * MB, "waiting"));
  expect(ids(line)).toEqual(["a", "b", "c", "d", "e"]);
});

test("what is paused, finishing or failed holds none", () => {
  const held = (["paused", "finishing", "failed"] as const).map((state) => upload(state, 900 * MB, state));
  expect(ids([...held, upload("a", 900 * MB, "waiting")])).toEqual(["a"]);
});
