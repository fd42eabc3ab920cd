import { ticketRequestSchema } from "@storagex/contract/uploads/upload";
import { expect, test } from "vitest";
import { ACCEPT, declaredType, refusal } from "./accept.ts";

test.each([
  "video/mp4",
  "video/quicktime",
  "application/mxf",
  "",
  "application/x-unknown",
  "VIDEO/MP4",
  "video/webm;codecs=vp8,opus",
  "text/plain",
  undefined,
])("whatever a browser says of a file (%s), the ticket takes the type we declare", (type) => {
  const declared = { filename: "a", size: 1, ...declaredType(type) };
  expect(ticketRequestSchema.safeParse(declared).success).toBe(true);
});

test.each([
  ["holiday.mp4", "video/mp4", 5, undefined],
  ["film.mkv", "", 5, undefined],
  ["tape.mts", "model/vnd.mts", 5, undefined],
  ["camera.MXF", "application/octet-stream", 5, undefined],
  ["capture.ts", "text/plain", 5, undefined],
  ["recording", "video/webm;codecs=vp9", 5, undefined],
  ["notes.txt", "text/plain", 5, /not a video/],
  ["picture.png", "image/png", 5, /not a video/],
  ["empty.mp4", "video/mp4", 0, /empty/],
  ["just.mp4", "video/mp4", 1_500_000, undefined],
  ["film.mp4", "video/mp4", 1_600_000, /\(1\.6 MB\)\. The limit is 1\.5 MB/],
])("%s (%s, %i bytes)", (name, type, size, expected) => {
  const said = refusal({ name, type, size }, 1_500_000);
  if (expected) expect(said).toMatch(expected);
  else expect(said).toBeUndefined();
});

test("the file dialog offers what the table of formats holds, and nothing that no table names", () => {
  for (const ending of [".mp4", ".mkv", ".mxf", ".dv", ".vob"]) expect(ACCEPT.split(",")).toContain(ending);
  expect(ACCEPT).not.toContain("mj2");
});
