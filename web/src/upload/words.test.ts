import { expect, test } from "vitest";
import type { Upload } from "./uploads.ts";
import { uploadFacts, uploadStatus } from "./words.ts";

const upload = (fields: Partial<Upload>): Upload => ({
  id: "1",
  name: "street.mp4",
  size: 2_100_000_000,
  videoId: "v",
  state: "sending",
  sent: 1_500_000_000,
  bytesPerSecond: 38_000_000,
  reason: null,
  ...fields,
});

test("a running upload says how far and how fast", () => {
  expect(uploadStatus(upload({}))).toMatchObject({ left: "Uploading 71%", right: "38 MB/s", icon: "pause" });
  expect(uploadFacts(upload({}))).toBe("1.5 GB of 2.1 GB · 16 s left");
});

test("it never says 100% before storage has confirmed", () => {
  expect(uploadStatus(upload({ sent: 2_100_000_000 })).left).toBe("Uploading 99%");
});

test("a paused one offers to go on and promises no time", () => {
  const paused = upload({ state: "paused", bytesPerSecond: null });
  expect(uploadStatus(paused)).toMatchObject({ left: "Paused 71%", right: "Resume" });
  expect(uploadFacts(paused)).toBe("1.5 GB of 2.1 GB");
});

test("a failed one offers another try", () => {
  expect(uploadStatus(upload({ state: "failed" }))).toMatchObject({ tone: "fail", right: "Try again" });
});
