/** The first segment is found in our own playlists, and in nothing that only looks like one. */
import { expect, test } from "vitest";
import { headOf } from "./first-lists.ts";
import { readWishes } from "./wishes.ts";

const LIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MAP:URI="https://s3.example/a.mp4?X=1",BYTERANGE="900@0"
#EXTINF:2.000000,
#EXT-X-BYTERANGE:1000@900
https://s3.example/a.mp4?X=1
#EXTINF:2.000000,
#EXT-X-BYTERANGE:800@1900
https://s3.example/a.mp4?X=1
`;

test("map and first segment are one range of one object", () => {
  expect(headOf(LIST)).toEqual({ url: "https://s3.example/a.mp4?X=1", end: 1900 });
});

test("a list whose first segment lies elsewhere is left to the player", () => {
  expect(headOf(LIST.replace("1000@900", "1000@950"))).toBeUndefined();
  expect(headOf(LIST.replace("\nhttps://s3.example/a", "\nhttps://s3.example/b"))).toBeUndefined();
  expect(headOf("#EXTM3U\n#EXT-X-ENDLIST\n")).toBeUndefined();
});

test("wishes are flags without a value, and say no with one", () => {
  const none = { autoplay: false, muted: false, loop: false, start: 0, controls: true, captions: false };
  expect(readWishes("")).toEqual(none);
  expect(readWishes("?autoplay&muted=1&start=12.5&controls=0")).toEqual({
    ...none,
    ...{ autoplay: true, muted: true, start: 12.5, controls: false },
  });
  expect(readWishes("?autoplay=false&start=-3&loop=true&captions")).toEqual({
    ...none,
    loop: true,
    captions: true,
  });
});
