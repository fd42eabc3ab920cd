import { ticketRequestSchema } from "@storagex/contract/upload";
import { expect, test } from "vitest";
import { contentTypeOf, refusal } from "./accept.ts";

test.each([
  "video/mp4",
  "video/quicktime",
  "application/mxf",
  "",
  "application/x-unknown",
  "VIDEO/MP4",
  undefined,
])("whatever a browser says of a file (%s), the ticket takes the type we declare", (type) => {
  const declared = { filename: "a", size: 1, contentType: contentTypeOf(type) };
  expect(ticketRequestSchema.safeParse(declared).success).toBe(true);
});

test.each([
  ["holiday.mp4", "video/mp4", 5, undefined],
  ["film.mkv", "", 5, undefined],
  ["tape.mts", "model/vnd.mts", 5, undefined],
  ["notes.txt", "text/plain", 5, /not a video/],
  ["picture.png", "image/png", 5, /not a video/],
  ["empty.mp4", "video/mp4", 0, /empty/],
  ["just.mp4", "video/mp4", 1_500_000, undefined],
  ["film.mp4", "video/mp4", 1_600_000, /1\.6 MB, and up to 1\.5 MB/],
])("%s (%s, %i bytes)", (name, type, size, expected) => {
  const said = refusal({ name, type, size }, 1_500_000);
  if (expected) expect(said).toMatch(expected);
  else expect(said).toBeUndefined();
});
