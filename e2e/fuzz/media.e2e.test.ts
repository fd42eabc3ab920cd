/**
 * The short form of `npm run fuzz -- media`: damaged files of each container, some through the whole path;
 * and planted faults that it must find.
 */
import { describe, expect, test } from "vitest";
import { clipOf } from "../testing/media-clips.ts";
import { sharedStack } from "../testing/shared-stack.ts";
import { decodedMp4 } from "./media/decoded.ts";
import { wrongSuccess } from "./media/judge.ts";
import { fuzzMedia } from "./media.ts";

test("spoilt files end with a reason of their own or as what can be decoded of them", async () => {
  const { endings, findings } = await fuzzMedia(
    { seed: 20, count: 30, whole: 15, lanes: 4 },
    await sharedStack(),
  );
  expect(findings).toEqual([]);
  // It neither refuses everything nor accepts everything.
  expect(Object.keys(endings).length).toBeGreaterThan(2);
  expect(endings.completed).toBeGreaterThan(2);
});

describe("a fault planted in an output is found", () => {
  const film = (filter: string, audio: string, ...more: string[]) => [
    ...["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=25:duration=4"],
    ...["-f", "lavfi", "-i", `sine=frequency=440:duration=4,${audio}`],
    ...["-vf", `hue=s=0:b='1.5*sin(5*t)'${filter}`, "-c:v", "libx264", "-c:a", "aac", ...more],
  ];
  const source = () => clipOf("planted.mp4", film("", "anull"));
  test.each([
    ["none", film("", "anull"), null],
    ["cut short", film("", "anull", "-t", "3"), /lasts 3\.\d\d s/],
    ["one frame for all", film(",loop=loop=-1:size=1,trim=duration=4", "anull"), /are not the source's/],
    [
      "a second early",
      film(",trim=start=1,setpts=PTS-STARTPTS,tpad=stop_duration=1:stop_mode=clone", "anull"),
      /are not/,
    ],
    ["no audio", film("", "anull", "-an"), /without the source's audio/],
    ["audio that ends", film("", "atrim=duration=2"), /audio ends at 2\.\d\d s/],
  ])("%s", async (name, args, fault) => {
    const wrong = await clipOf(`planted-${name.replaceAll(" ", "-")}.mp4`, args);
    const found = wrongSuccess(await decodedMp4(wrong), await decodedMp4(await source()));
    if (fault === null) expect(found).toBeNull();
    else expect(found).toMatch(fault);
  });
});
