/** Clips that the end-to-end tests upload, generated once per machine in the temp folder. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = join(tmpdir(), "storagex-clips-2");

async function once(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const draft = join(FOLDER, `draft-${process.pid}-${name}`);
  await make(draft);
  await rename(draft, path);
  return path;
}

const ffmpeg = (...args: string[]) => run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
const video = (size: string, seconds: number, rate = 25) => [
  "-f",
  "lavfi",
  "-i",
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
const audio = (seconds: number) => ["-f", "lavfi", "-i", `sine=f=440:r=48000:d=${seconds}`];
const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"];

/** `seconds` of moving video with a tone. */
export const clip = (seconds: number, size = "1280x720") =>
  once(`clip-${size}-${seconds}.mp4`, (to) =>
    ffmpeg(...video(size, seconds), ...audio(seconds), ...H264, "-c:a", "aac", "-shortest", "-f", "mp4", to),
  );

/**
 * `seconds` that cost what footage from a camera costs, where a test picture costs several times as much: a slow
 * pan over a soft landscape with its grain, encoded as cameras and editors do (1080p, 25 fps, 8 Mbit/s), with audio.
 */
export const footage = (seconds: number) =>
  once(`footage-${seconds}.mp4`, (to) =>
    ffmpeg(
      ...["-f", "lavfi", "-i", `gradients=s=2400x1350:n=6:speed=0.004:seed=7:r=25:d=${seconds}`],
      ...audio(seconds),
      "-vf",
      "crop=1920:1080:x='240+220*sin(t/4)':y='135+120*cos(t/5)',noise=alls=5:allf=t,format=yuv420p",
      ...["-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-maxrate", "12M", "-bufsize", "16M"],
      ...["-c:a", "aac", "-shortest", "-f", "mp4", to],
    ),
  );

/** A PNG image, 400 × 300. */
export const still = () =>
  once("still.png", (to) => ffmpeg(...video("400x300", 1), "-frames:v", "1", "-f", "image2", to));

/** Three seconds with two chapters, the second without a title. */
export const chaptered = () =>
  once("chapters.mp4", async (to) => {
    const plain = await clip(3, "320x180");
    const list = `${to}.txt`;
    const chapter = (from: number, until: number, title: string) =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${from}\nEND=${until}\n${title}`;
    await writeFile(list, `;FFMETADATA1\n${chapter(0, 1500, "title=Arrival\n")}${chapter(1500, 3000, "")}`);
    const inputs = ["-i", plain, "-f", "ffmetadata", "-i", list];
    await ffmpeg(...inputs, "-map", "0", "-map_chapters", "1", "-c", "copy", "-f", "mp4", to);
  });

/** As a phone writes it: HEVC, rotated by 90°, index at the end. */
export const cameraClip = () =>
  once("camera.mov", async (to) => {
    const upright = await once("camera-upright.mov", (plain) =>
      ffmpeg(
        ...video("1920x1080", 3, 30),
        ...audio(3),
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=error",
        "-tag:v",
        "hvc1",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-f",
        "mov",
        plain,
      ),
    );
    await ffmpeg("-display_rotation", "90", "-i", upright, "-c", "copy", "-f", "mov", to).catch(() =>
      // FFmpeg before 6 has no -display_rotation: the tag does the same.
      ffmpeg("-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=90", "-f", "mov", to),
    );
  });

/** As a screen recorder writes it: variable rate, odd size, WebM without audio. */
export const screenClip = () =>
  once("screen.webm", (to) =>
    ffmpeg(
      ...video("1367x769", 4, 30),
      "-vf",
      "select='not(between(mod(n,60),20,50))'",
      "-fps_mode",
      "vfr",
      "-c:v",
      "libvpx",
      "-deadline",
      "realtime",
      "-cpu-used",
      "8",
      "-b:v",
      "1M",
      "-f",
      "webm",
      to,
    ),
  );

export const audioOnly = () =>
  once("sound-only.mp4", (to) => ffmpeg(...audio(5), "-c:a", "aac", "-f", "mp4", to));

/** Audio with a cover image: what music players write. */
export const coverArt = () =>
  once("cover-art.m4a", async (to) => {
    const cover = await once("cover.jpg", (jpg) =>
      ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x320:d=1", "-frames:v", "1", "-f", "image2", jpg),
    );
    await ffmpeg(
      "-i",
      cover,
      ...audio(5),
      "-map",
      "1:a",
      "-map",
      "0:v",
      "-c:a",
      "aac",
      "-c:v",
      "mjpeg",
      "-disposition:v:0",
      "attached_pic",
      "-f",
      "ipod",
      to,
    );
  });

/** The first 60 % of an MP4 whose index is at the front: it looks intact until it ends. */
export const truncated = () =>
  once("truncated.mp4", async (to) => {
    const whole = await once("faststart.mp4", (mp4) =>
      ffmpeg(
        ...video("1280x720", 10),
        ...audio(10),
        ...H264,
        "-c:a",
        "aac",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
        mp4,
      ),
    );
    const bytes = await readFile(whole);
    await writeFile(to, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
  });

export const text = () =>
  once("letter.mp4", (to) => writeFile(to, "Dear reader, this is no video at all.\n".repeat(2000)));

/** A playlist under a video's name that points at `address`. */
export const playlist = (address: string) =>
  once(`playlist-${Buffer.from(address).toString("hex").slice(-24)}.mp4`, (to) =>
    writeFile(
      to,
      `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${address}\n#EXT-X-ENDLIST\n`,
    ),
  );

/** 16000 × 16000 in a few kilobytes. */
export const hugeFrame = () =>
  once("huge.mkv", (to) =>
    ffmpeg(
      "-f",
      "lavfi",
      "-i",
      "color=s=16000x16000:d=0.2:r=5",
      "-c:v",
      "mpeg4",
      "-q:v",
      "31",
      "-f",
      "matroska",
      to,
    ).catch(() =>
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=s=16000x16000:d=0.2:r=5",
        "-c:v",
        "mjpeg",
        "-q:v",
        "31",
        "-f",
        "matroska",
        to,
      ),
    ),
  );
