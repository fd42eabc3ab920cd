import { expect, test } from "vitest";
import { MediaFailure } from "../../media/failure.ts";
import { endedFromOutside } from "../../media/run/from-outside.ts";
import { ApiError } from "../../service/api-error.ts";
import { causeOf } from "./cause.ts";

const crashed = (said: string) => new MediaFailure("transcoder.crashed", `ended with 1: ${said}`);

test("the same words with other addresses, numbers and order are the same cause", () => {
  const first = causeOf(crashed("[zscale @ 0x55d0aa] code 3074: no path | [vf @ 0x7f12] frame 12 failed"));
  expect(first).toMatch(/^[\w-]{22}$/);
  expect(causeOf(crashed("[vf @ 0x7fee] frame 9 failed | [zscale @ 0x1] code 3074: no path"))).toBe(first);
  expect(causeOf(crashed("[libx264 @ 0x1] broken"))).not.toBe(first);
});

test("what may pass by itself has none: the storage, the disk, the kernel, the API, the network", () => {
  expect(causeOf(new MediaFailure("source.unreadable", "500"))).toBeUndefined();
  expect(causeOf(new MediaFailure("transcoder.disk_full", "No space left"))).toBeUndefined();
  const killed = { code: null, killedBy: "SIGKILL", timedOut: false, stderr: "frame=1" } as const;
  expect(causeOf(endedFromOutside(killed))).toBeUndefined();
  expect(causeOf(new ApiError("progress: no answer", null))).toBeUndefined();
  const reset = Object.assign(new Error("read"), { code: "ECONNRESET" });
  expect(causeOf(new TypeError("fetch failed", { cause: reset }))).toBeUndefined();
});

test("a mistake of ours has one: the second time is no accident", () => {
  expect(causeOf(new RangeError("offset out of range"))).toMatch(/^[\w-]{22}$/);
});
