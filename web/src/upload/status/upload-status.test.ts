import { expect, test } from "vitest";
import type { Upload } from "../store.ts";
import { uploadFacts, uploadStatus } from "./upload-status.ts";

const upload = (fields: Partial<Upload>): Upload => ({
  id: "1",
  name: "street.mp4",
  size: 2_100_000_000,
  videoId: "v",
  state: "sending",
  sent: 1_500_000_000,
  bytesPerSecond: 38_000_000,
  reason: null,
  isFileLost: false,
  ...fields,
});

const HERE = { place: 0, isAway: false };

test("a running upload says how far and how fast", () => {
  expect(uploadStatus(upload({}), HERE)).toMatchObject({
    left: "Uploading 71%",
    right: "38 MB/s",
    icon: "pause",
  });
  expect(uploadFacts(upload({}))).toBe("1.5 GB of 2.1 GB · 16 s left");
  expect(uploadStatus(upload({}), { ...HERE, watches: true })).toEqual({
    tone: "signal",
    left: "Uploading 71%",
    right: "Watch now",
    icon: "play",
    fraction: 1.5 / 2.1,
  });
});

test("it never says 100% before storage has confirmed", () => {
  expect(uploadStatus(upload({ sent: 2_100_000_000 }), HERE).left).toBe("Uploading 99%");
});

test("a paused one offers to go on and promises no time", () => {
  const paused = upload({ state: "paused", bytesPerSecond: null });
  expect(uploadStatus(paused, HERE)).toMatchObject({ left: "Paused 71%", right: "Resume" });
  expect(uploadFacts(paused)).toBe("1.5 GB of 2.1 GB");
});

test("a failed one offers another try, and asks for the file where it cannot be read any more", () => {
  expect(uploadStatus(upload({ state: "failed" }), HERE)).toMatchObject({ tone: "fail", right: "Retry" });
  const lost = upload({ state: "failed", isFileLost: true });
  expect(uploadStatus(lost, HERE)).toMatchObject({ tone: "fail", right: "Choose the file" });
});

test("in line it says which place, and an outage is no failure", () => {
  const waiting = upload({ state: "waiting" });
  expect(uploadStatus(waiting, { place: 1, isAway: false })).toMatchObject({ right: "Next" });
  expect(uploadStatus(waiting, { place: 3, isAway: false })).toMatchObject({ right: "3rd in line" });
  expect(uploadStatus(upload({}), { place: 0, isAway: true })).toMatchObject({
    tone: "signal",
    left: "Offline 71%",
    right: "Resumes by itself",
  });
});
