import { expect, test } from "vitest";
import { MediaFailure } from "../../media/failure.ts";
import { StoreAway } from "../../transfer/store-away.ts";
import { LeaseEnd } from "../lease/lease.ts";
import { failureOf } from "./failure.ts";

test("a media failure keeps its code; whatever else a step throws is a crash worth another try", () => {
  expect(failureOf(new MediaFailure("source.no_video", "no stream"), null)).toMatchObject({
    code: "source.no_video",
    retryable: false,
    handBack: false,
  });
  expect(failureOf(new TypeError("x is undefined"), null)).toMatchObject({
    code: "transcoder.crashed",
    retryable: true,
  });
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  expect(failureOf(full, null)).toMatchObject({ code: "transcoder.disk_full", retryable: true });
});

test("an object store that stays away is told apart from one that refuses", () => {
  const away = new StoreAway("transcoder.upload_failed", "object was not taken");
  expect(failureOf(away, null)).toMatchObject({ code: away.code, retryable: true, storeAway: true });
  const refused = new MediaFailure("transcoder.upload_failed", "object was not taken");
  expect(failureOf(refused, null).storeAway).toBeUndefined();
});

test("when the lease ended first, its end is the reason, not what the step threw on the way down", () => {
  const thrown = new MediaFailure("source.damaged", "killed in the middle");
  expect(failureOf(thrown, new LeaseEnd("time")).code).toBe("transcoder.timeout");
  expect(failureOf(thrown, new LeaseEnd("shutdown"))).toMatchObject({ handBack: true, retryable: true });
});

test("no sentence for the uploader names anything inside", () => {
  const inside = failureOf(new Error("ENOENT /scratch/attempt-1/720p.mp4"), null);
  expect(inside.message).not.toContain("scratch");
});
