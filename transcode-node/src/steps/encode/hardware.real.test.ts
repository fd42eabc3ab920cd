/**
 * A device that fails during the work: software makes the chunk in the same attempt, and no frame is lost.
 */
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { waysOf } from "../../media/encoders/hardware.ts";
import { useEncoder } from "../../media/encoders/in-use.ts";
import { software } from "../../media/encoders/software.ts";
import { fixture, picture, x264 } from "../../testing/fixtures.ts";
import { countersOf } from "../../testing/read-frames.ts";
import { startStore } from "../../testing/store.ts";
import { encode, joined, plan, type Walk } from "../../testing/walk.ts";

const source = async () =>
  readFile(await fixture("hardware.mp4", [...picture("25", 4), ...x264, "-g", "50"]));

test("a chunk that the hardware cannot encode is encoded by software, said and counted", async () => {
  await using store = await startStore();
  store.put("source", await source());
  const [lost = software] = waysOf("vaapi", ["/nowhere/renderD128"]);
  const counted: string[] = [];
  const lines: string[] = [];
  const walk: Walk = {
    store,
    key: "source",
    log: pino({ level: "warn" }, { write: (line: string) => void lines.push(line) }),
    h264: useEncoder(lost, { count: (name, outcome) => counted.push(`${name} ${outcome}`) }),
  };
  const made = await plan(walk);
  const objects = await encode(walk, made, 0);
  expect(await countersOf(joined(walk, objects))).toEqual(Array.from({ length: 100 }, (_, frame) => frame));
  expect(counted).toEqual(["vaapi saved"]);
  expect(lines.join("")).toContain("the hardware could not encode this chunk, software does");
  expect(lines.join("")).toContain("/nowhere/renderD128");
});

test("a chunk that is no longer wanted is not tried by software", async () => {
  await using store = await startStore();
  store.put("source", await source());
  const made = await plan({ store, key: "source" });
  const [lost = software] = waysOf("vaapi", ["/nowhere/renderD128"]);
  const counted: string[] = [];
  const stop = new AbortController();
  stop.abort(new Error("the lease is gone"));
  const h264 = useEncoder(lost, { count: (name, outcome) => counted.push(`${name} ${outcome}`) });
  const work = encode({ store, key: "source", signal: stop.signal, h264 }, made, 0);
  await expect(work).rejects.toThrow("the lease is gone");
  expect(counted).toEqual([]);
});
