/** Cancelled work: the step ends within two seconds of its signal and leaves no FFmpeg behind. */
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fixture, x264 } from "../../testing/fixtures.ts";
import { startStore } from "../../testing/store.ts";
import { encode, plan } from "../../testing/walk.ts";

/** Encoders that this process started. */
const encoders = () =>
  readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("720p-0.mp4"))
        return false;
      return (
        readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ")[1] === String(process.pid)
      );
    } catch {
      return false;
    }
  });

test("a chunk that is no longer wanted stops at once", async () => {
  await using store = await startStore();
  const args = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=60:duration=7", ...x264];
  store.put("source", await readFile(await fixture("cancel.mp4", args)));
  const made = await plan({ store, key: "source" });
  const stop = new AbortController();
  const work = encode({ store, key: "source", signal: stop.signal }, made, 0);
  work.catch(() => {});
  // During exec a process briefly has no command line: one check proves nothing.
  await expect.poll(() => encoders().length, { interval: 25 }).toBe(1);
  stop.abort(new Error("the lease is gone"));
  await expect(work).rejects.toThrow("the lease is gone");
  expect(encoders()).toEqual([]);
  // It did not finish: nothing of it was uploaded.
  expect(store.hits.filter((hit) => hit.startsWith("PUT"))).toEqual([]);
});
