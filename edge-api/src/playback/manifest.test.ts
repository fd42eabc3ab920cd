/** Playlists from rows: what RFC 8216 requires, and that a growing playlist is only ever appended to. */
import { describe, expect, test } from "vitest";
import {
  type Extent,
  listNames,
  type MediaRow,
  mediaPlaylist,
  multivariantPlaylist,
  type Outline,
} from "./manifest.ts";

const GRID = { rate: { num: 30_000, den: 1001 }, segmentFrames: 60 };
const RUNG = { codec: "h264" as const, crf: 22 };
const RUNGS = [
  { ...RUNG, name: "720p", width: 1280, height: 720, maxrate: 3_000_000 },
  { ...RUNG, name: "360p", width: 640, height: 360, maxrate: 800_000 },
];
const TRACK = { stream: 0, codec: "aac", channels: 6, language: "en", label: null, default: true };

type Row = MediaRow & { rendition: string; index: number };

function row(rendition: string, index: number, segments: number, initHash = "a"): Row {
  const isAudio = rendition.startsWith("audio");
  return {
    rendition,
    index,
    key: `${rendition}-${index}.mp4`,
    initLength: 700,
    initHash,
    timescale: isAudio ? 48_000 : 30_000,
    segments: Array.from({ length: segments }, (_, at) => ({
      offset: 700 + at * 1000,
      length: 1000,
      duration: isAudio ? 94 * 1024 : 60 * 1001,
    })),
  };
}

/** The rows of a playlist up to the first gap, as the database returns them. */
function objectsOf(rows: Row[], name: string): Row[] {
  const sorted = rows.filter(({ rendition }) => rendition === name).sort((a, b) => a.index - b.index);
  return sorted.filter(({ index }, place) => index === place);
}

function extentOf(rows: Row[], name: string): Extent[] {
  const objects = objectsOf(rows, name);
  if (objects.length === 0) return [];
  const seconds = objects.flatMap(({ segments, timescale }) =>
    segments.map((each) => each.duration / timescale),
  );
  return [
    {
      rendition: name,
      objects: objects.length,
      seconds: seconds.reduce((sum, each) => sum + each, 0),
      codecs: name.startsWith("audio") ? "mp4a.40.2" : name === "720p" ? "avc1.64001f" : "avc1.64001e",
    },
  ];
}

/** An outline of these rows, with the rows. */
function filmOf(rows: Row[], more: Partial<Outline> = {}): Outline & { rows: Row[] } {
  const outline = { rungs: RUNGS, grid: GRID, audio: [TRACK], ended: [], isWhole: false, ...more };
  return { ...outline, rows, extents: listNames(outline).flatMap((name) => extentOf(rows, name)) };
}

async function list(film: ReturnType<typeof filmOf>, name = "720p"): Promise<string> {
  let text = "";
  const urlOf = async (key: string) => `https://s3.test/${key}?X-Amz-Signature=1`;
  for await (const piece of mediaPlaylist(film, objectsOf(film.rows, name), urlOf)) text += piece;
  return text;
}
const count = (text: string) => text.split("#EXTINF").length - 1;
const chunk = (index: number, segments: number) => [
  row("720p", index, segments),
  row("360p", index, segments),
];

test("one chunk, byte for byte", async () => {
  expect(await list(filmOf([...chunk(0, 2), row("audio-0", 0, 2)], { isWhole: true }))).toBe(
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

test("captions in the frames are denied only where the worker saw to it", () => {
  const rows = [...chunk(0, 2), row("audio-0", 0, 2)];
  const variants = (outline: Outline) =>
    multivariantPlaylist(outline, [])?.match(/#EXT-X-STREAM-INF:.*/g) ?? [];
  const seen = variants(filmOf(rows, { closedCaptions: "none" }));
  expect(seen).toHaveLength(2);
  for (const line of seen) expect(line).toMatch(/,CLOSED-CAPTIONS=NONE(,|$)/);
  for (const line of variants(filmOf(rows))) expect(line).not.toContain("CLOSED-CAPTIONS");
});

describe("while it grows", () => {
  test("a chunk counts when every rendition has it", async () => {
    const rows = [...chunk(0, 2), row("720p", 1, 4), row("audio-0", 0, 20)];
    expect(count(await list(filmOf(rows)))).toBe(2);
    expect(count(await list(filmOf([...rows, row("360p", 1, 4)])))).toBe(6);
  });

  test("a chunk that is early waits for the one before", async () => {
    const rows = [...chunk(0, 2), ...chunk(2, 8), row("audio-0", 0, 20)];
    expect(count(await list(filmOf(rows)))).toBe(2);
  });

  test("sound holds the picture back, and the picture the sound", async () => {
    const rows = [...chunk(0, 2), ...chunk(1, 4), row("audio-0", 0, 2)];
    expect(count(await list(filmOf(rows)))).toBe(3);
    expect(count(await list(filmOf(rows), "audio-0"))).toBe(2);
    expect(count(await list(filmOf([...chunk(0, 2), row("audio-0", 0, 20)]), "audio-0"))).toBe(2);
  });

  test("sound that is whole and shorter than the picture holds nothing back", async () => {
    const rows = [...chunk(0, 2), ...chunk(1, 4), row("audio-0", 0, 1)];
    expect(count(await list(filmOf(rows)))).toBe(2);
    expect(count(await list(filmOf(rows, { ended: ["audio-0"] })))).toBe(6);
  });

  test("it only appends, whatever comes first, and ends once", async () => {
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
      let before = await list(filmOf([]), name);
      for (let have = 1; have <= arrivals.length; have += 1) {
        const now = await list(filmOf(arrivals.slice(0, have)), name);
        expect(now.startsWith(before)).toBe(true);
        expect(now).not.toContain("ENDLIST");
        before = now;
      }
      const whole = await list(filmOf(arrivals, { isWhole: true }), name);
      expect(whole.startsWith(before)).toBe(true);
      expect(whole.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
    }
  });

  test("the target duration is the same from the first answer on, and no segment is longer", async () => {
    const early = await list(filmOf([]));
    const late = await list(filmOf([...chunk(0, 9), row("audio-0", 0, 9)], { isWhole: true }));
    expect(/TARGETDURATION:(\d+)/.exec(early)?.[1]).toBe(/TARGETDURATION:(\d+)/.exec(late)?.[1]);
  });
});

test("another init gets a map of its own, the same one does not", async () => {
  const rows = [row("720p", 0, 1, "a"), row("720p", 1, 1, "a"), row("720p", 2, 1, "b")];
  const text = await list(filmOf(rows, { isWhole: true }));
  expect(text.match(/#EXT-X-MAP.*/g)).toEqual([
    '#EXT-X-MAP:URI="https://s3.test/720p-0.mp4?X-Amz-Signature=1",BYTERANGE="700@0"',
    '#EXT-X-MAP:URI="https://s3.test/720p-2.mp4?X-Amz-Signature=1",BYTERANGE="700@0"',
  ]);
});

test("there is a list of each rendition and track that was planned", () => {
  expect(listNames(filmOf([], { audio: [TRACK, TRACK] }))).toEqual(["720p", "360p", "audio-0", "audio-1"]);
});

describe("the multivariant playlist", () => {
  const rows = [...chunk(0, 2), row("audio-0", 0, 2)];

  test("names codecs, sizes and sound; rates are real once it is whole", () => {
    const rates = [
      { rendition: "720p", peak: 4000.5, mean: 3000 },
      { rendition: "360p", peak: 2000, mean: 1000 },
      { rendition: "audio-0", peak: 200, mean: 100 },
    ];
    expect(multivariantPlaylist(filmOf(rows, { isWhole: true }), rates)).toBe(
      `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-0.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=4201,AVERAGE-BANDWIDTH=3100,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio"
720p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2200,AVERAGE-BANDWIDTH=1100,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,AUDIO="audio"
360p.m3u8
`,
    );
  });

  test("before that they are the caps", () => {
    expect(multivariantPlaylist(filmOf(rows), [])).toContain("BANDWIDTH=3440000,AVERAGE-BANDWIDTH=3440000,");
  });

  test("is not there while a rendition or the sound has nothing", () => {
    expect(multivariantPlaylist(filmOf(chunk(0, 2)), [])).toBeNull();
    expect(multivariantPlaylist(filmOf([row("720p", 0, 2), row("audio-0", 0, 2)]), [])).toBeNull();
  });

  test("a silent video has no sound group", () => {
    const text = multivariantPlaylist(filmOf(chunk(0, 2), { audio: [], isWhole: true }), []);
    expect(text).not.toContain("AUDIO");
    expect(text).toContain('CODECS="avc1.64001f"');
  });

  test("tracks without name and language are told apart by their places", () => {
    const audio = [1, 2, 3].map((stream) => ({ ...TRACK, stream, language: null }));
    const media = audio.map((_, track) => row(`audio-${track}`, 0, 2));
    const text = multivariantPlaylist(filmOf([...chunk(0, 2), ...media], { audio }), []) ?? "";
    expect([...text.matchAll(/NAME="([^"]*)"/g)].map((match) => match[1])).toEqual([
      "Track 1",
      "Track 2",
      "Track 3",
    ]);
  });

  test("tracks of one language get names of their own, hostile labels no quotes, one default", () => {
    const audio = [
      { ...TRACK, default: false },
      { ...TRACK, stream: 1, default: true },
      { ...TRACK, stream: 2, label: 'a"\n#EXT-X-ENDLIST', default: true },
    ];
    const media = audio.map((_, track) => row(`audio-${track}`, 0, 2));
    const text = multivariantPlaylist(filmOf([...chunk(0, 2), ...media], { audio }), []) ?? "";
    expect([...text.matchAll(/NAME="([^"]*)"/g)].map((match) => match[1])).toEqual([
      "English",
      "English 2",
      "a''#EXT-X-ENDLIST",
    ]);
    expect(text.match(/DEFAULT=YES/g)).toHaveLength(1);
    expect(text.match(/^#EXT-X-ENDLIST/m)).toBeNull();
  });
});
