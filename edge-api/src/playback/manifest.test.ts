/** Playlists of rows: what RFC 8216 asks, and that a growing list only ever appends. */
import { describe, expect, test } from "vitest";
import { type MediaRow, mediaPlaylist, multivariantPlaylist, type Timeline } from "./manifest.ts";

const GRID = { rate: { num: 30_000, den: 1001 }, segmentFrames: 60 };
const RUNG = { codec: "h264" as const, crf: 22 };
const RUNGS = [
  { ...RUNG, name: "720p", width: 1280, height: 720, maxrate: 3_000_000 },
  { ...RUNG, name: "360p", width: 640, height: 360, maxrate: 800_000 },
];
const TRACK = { stream: 0, codec: "aac", channels: 6, language: "en", label: null, default: true };

function row(rendition: string, index: number, segments: number, initHash = "a"): MediaRow {
  const isAudio = rendition.startsWith("audio");
  return {
    rendition,
    index,
    key: `${rendition}-${index}.mp4`,
    size: 700 + segments * 1000,
    initLength: 700,
    initHash,
    codecs: isAudio ? "mp4a.40.2" : rendition === "720p" ? "avc1.64001f" : "avc1.64001e",
    timescale: isAudio ? 48_000 : 30_000,
    segments: Array.from({ length: segments }, (_, at) => ({
      offset: 700 + at * 1000,
      length: 1000,
      duration: isAudio ? 94 * 1024 : 60 * 1001,
    })),
  };
}
const timeline = (rows: MediaRow[], more: Partial<Timeline> = {}): Timeline => ({
  rungs: RUNGS,
  grid: GRID,
  audio: [TRACK],
  rows,
  ended: [],
  isWhole: false,
  ...more,
});
const urlOf = ({ key }: MediaRow) => `https://s3.test/${key}?X-Amz-Signature=1`;
const list = (of: Timeline, name = "720p") => mediaPlaylist(of, name, urlOf) ?? "";
const count = (text: string) => text.split("#EXTINF").length - 1;
const chunk = (index: number, segments: number) => [
  row("720p", index, segments),
  row("360p", index, segments),
];

test("one chunk, byte for byte", () => {
  expect(list(timeline([...chunk(0, 2), row("audio-0", 0, 2)], { isWhole: true }))).toBe(
    `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-MAP:URI="https://s3.test/720p-0.mp4?X-Amz-Signature=1",BYTERANGE="700@0"
#EXTINF:2.002000,
#EXT-X-BYTERANGE:1000@700
https://s3.test/720p-0.mp4?X-Amz-Signature=1
#EXTINF:2.002000,
#EXT-X-BYTERANGE:1000@1700
https://s3.test/720p-0.mp4?X-Amz-Signature=1
#EXT-X-ENDLIST
`,
  );
});

describe("while it grows", () => {
  test("a chunk counts when every rendition has it", () => {
    const rows = [...chunk(0, 2), row("720p", 1, 4), row("audio-0", 0, 20)];
    expect(count(list(timeline(rows)))).toBe(2);
    expect(count(list(timeline([...rows, row("360p", 1, 4)])))).toBe(6);
  });

  test("a chunk that is early waits for the one before", () => {
    const rows = [...chunk(0, 2), ...chunk(2, 8), row("audio-0", 0, 20)];
    expect(count(list(timeline(rows)))).toBe(2);
  });

  test("sound holds the picture back, and the picture the sound", () => {
    const rows = [...chunk(0, 2), ...chunk(1, 4), row("audio-0", 0, 2)];
    expect(count(list(timeline(rows)))).toBe(3);
    expect(count(list(timeline(rows), "audio-0"))).toBe(2);
    expect(count(list(timeline([...chunk(0, 2), row("audio-0", 0, 20)]), "audio-0"))).toBe(2);
  });

  test("sound that is whole and shorter than the picture holds nothing back", () => {
    const rows = [...chunk(0, 2), ...chunk(1, 4), row("audio-0", 0, 1)];
    expect(count(list(timeline(rows)))).toBe(2);
    expect(count(list(timeline(rows, { ended: ["audio-0"] })))).toBe(6);
  });

  test("it only appends, whatever comes first, and ends once", () => {
    const arrivals = [
      row("audio-0", 0, 3),
      row("720p", 0, 2),
      row("360p", 1, 4),
      row("360p", 0, 2),
      row("audio-0", 1, 9),
      row("720p", 2, 8),
      row("720p", 1, 4),
      row("360p", 2, 8),
      row("audio-0", 2, 3),
    ];
    for (const name of ["720p", "360p", "audio-0"]) {
      let before = list(timeline([]), name);
      for (let have = 1; have <= arrivals.length; have += 1) {
        const now = list(timeline(arrivals.slice(0, have)), name);
        expect(now.startsWith(before)).toBe(true);
        expect(now).not.toContain("ENDLIST");
        before = now;
      }
      const whole = list(timeline(arrivals, { isWhole: true }), name);
      expect(whole.startsWith(before)).toBe(true);
      expect(whole.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
    }
  });

  test("the target duration is the same from the first answer on, and no segment is longer", () => {
    const early = list(timeline([]));
    const late = list(timeline([...chunk(0, 9), row("audio-0", 0, 9)], { isWhole: true }));
    expect(/TARGETDURATION:(\d+)/.exec(early)?.[1]).toBe(/TARGETDURATION:(\d+)/.exec(late)?.[1]);
  });
});

test("another init gets a map of its own, the same one does not", () => {
  const rows = [row("720p", 0, 1, "a"), row("720p", 1, 1, "a"), row("720p", 2, 1, "b")];
  const maps = list(timeline(rows, { isWhole: true })).match(/#EXT-X-MAP.*/g);
  expect(maps).toEqual([
    '#EXT-X-MAP:URI="https://s3.test/720p-0.mp4?X-Amz-Signature=1",BYTERANGE="700@0"',
    '#EXT-X-MAP:URI="https://s3.test/720p-2.mp4?X-Amz-Signature=1",BYTERANGE="700@0"',
  ]);
});

test("there is no list of a rendition that was not planned", () => {
  expect(mediaPlaylist(timeline([]), "1080p", urlOf)).toBeNull();
  expect(mediaPlaylist(timeline([]), "audio-1", urlOf)).toBeNull();
});

describe("the multivariant playlist", () => {
  const rows = [...chunk(0, 2), row("audio-0", 0, 2)];

  test("names codecs, sizes and sound; rates are real once it is whole", () => {
    expect(multivariantPlaylist(timeline(rows, { isWhole: true }))).toBe(
      `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="en",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-0.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=7986,AVERAGE-BANDWIDTH=7986,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio"
720p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=7986,AVERAGE-BANDWIDTH=7986,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,AUDIO="audio"
360p.m3u8
`,
    );
  });

  test("before that they are the caps", () => {
    expect(multivariantPlaylist(timeline(rows))).toContain("BANDWIDTH=3440000,AVERAGE-BANDWIDTH=3440000,");
  });

  test("is not there while a rendition or the sound has nothing", () => {
    expect(multivariantPlaylist(timeline(chunk(0, 2)))).toBeNull();
    expect(multivariantPlaylist(timeline([row("720p", 0, 2), row("audio-0", 0, 2)]))).toBeNull();
  });

  test("a silent video has no sound group", () => {
    const text = multivariantPlaylist(timeline(chunk(0, 2), { audio: [], isWhole: true }));
    expect(text).not.toContain("AUDIO");
    expect(text).toContain('CODECS="avc1.64001f"');
  });

  test("tracks of one language get names of their own, hostile labels no quotes, one default", () => {
    const audio = [
      { ...TRACK, default: false },
      { ...TRACK, stream: 1, default: true },
      { ...TRACK, stream: 2, label: 'a"\n#EXT-X-ENDLIST', default: true },
    ];
    const media = audio.map((_, track) => row(`audio-${track}`, 0, 2));
    const text = multivariantPlaylist(timeline([...chunk(0, 2), ...media], { audio })) ?? "";
    expect([...text.matchAll(/NAME="([^"]*)"/g)].map((match) => match[1])).toEqual([
      "en",
      "en 2",
      "a''#EXT-X-ENDLIST",
    ]);
    expect(text.match(/DEFAULT=YES/g)).toHaveLength(1);
    expect(text.match(/^#EXT-X-ENDLIST/m)).toBeNull();
  });
});
