/**
 * The MP4's index written by real FFmpeg: it fits into the reserved space, whatever the frames' times are.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startStore } from "../../testing/store.ts";
import { boxes } from "../output/boxes.ts";
import { indexBytes, remuxArgs } from "./remux.ts";

const run = promisify(execFile);
const SECONDS = 40;
const FRAGMENTS = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"];
const TONE = ["-f", "lavfi", "-i", `sine=duration=${SECONDS}`];
/** Times that no table can store as a run, in a time base that preserves them. */
const JITTER = "settb=1/90000,setpts='PTS+mod(N*N*37\\,1500)'";

const encoded = (filter: string, ...codec: string[]): string[] => [
  ...["-f", "lavfi", "-i", `testsrc2=size=64x36:rate=25:duration=${SECONDS},${filter}`],
  ...[
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "1:90000",
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    ...codec,
  ],
];

test.each([
  ["even times", "null", ["-g", "50"], TONE],
  ["every frame at a time of its own, out of order", JITTER, ["-bf", "3", "-g", "50"], TONE],
  ["nothing but keyframes, uneven", JITTER, ["-g", "1"], TONE],
  ["without sound", "null", ["-g", "50"], []],
])("%s", async (_, filter, codec, tone) => {
  const folder = await mkdtemp(join(tmpdir(), "storagex-test-"));
  await using store = await startStore();
  try {
    const part = async (name: string, args: readonly string[]) => {
      const file = join(folder, name);
      await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args, ...FRAGMENTS, file]);
      store.put(name, await readFile(file));
      const { stdout } = await run("ffprobe", [
        ...[
          "-v",
          "error",
          "-count_packets",
          "-show_entries",
          "stream=nb_read_packets",
          "-of",
          "csv=p=0",
          file,
        ],
      ]);
      return { url: store.url(name), frames: Number.parseInt(stdout, 10) };
    };
    const video = await part("video", encoded(filter, ...codec));
    const audio = tone.length > 0 ? await part("audio", [...tone, "-c:a", "aac"]) : null;
    expect(video.frames).toBe(25 * SECONDS);

    const room = indexBytes({ videoFrames: video.frames, audioFrames: audio?.frames ?? 0 });
    const file = join(folder, "video.mp4");
    await run(
      "ffmpeg",
      remuxArgs({ video: video.url, audio: audio?.url ?? null, inBand: false, indexRoom: room, file }),
    );
    const made = await readFile(file);
    const [type, index, rest] = [...boxes(made)];
    expect([type?.type, index?.type, rest?.type]).toEqual(["ftyp", "moov", "free"]);
    expect((index?.end ?? room) - (index?.start ?? 0)).toBeLessThan(room);
  } finally {
    await rm(folder, { recursive: true });
  }
});
