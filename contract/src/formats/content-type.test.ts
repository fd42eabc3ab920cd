import { expect, test } from "vitest";
import { mayBeVideo } from "./content-type.ts";

test.each([
  "",
  "video/mp4",
  "VIDEO/MP4",
  "video/webm;codecs=vp8,opus",
  "video/x-matroska;codecs=avc1,opus",
  "video/mp4; charset=binary",
  "application/mp4",
  "application/mxf",
  "application/octet-stream",
  "binary/octet-stream",
  "application/x-www-form-urlencoded",
  "audio/mp4",
  "model/vnd.mts",
  "text/vnd.trolltech.linguist",
  "no type at all",
])("%j may be a video", (type) => {
  expect(mayBeVideo(type)).toBe(true);
});

test.each([
  "image/png",
  "text/plain; charset=utf-8",
  "TEXT/HTML",
  "application/vnd.apple.mpegurl",
  "application/dash+xml",
  "audio/mpegurl",
])("%j is another kind of file", (type) => {
  expect(mayBeVideo(type)).toBe(false);
});
