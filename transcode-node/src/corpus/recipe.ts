/** Makes the corpus's inputs: a recipe in words becomes FFmpeg runs, then the bytes are damaged. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "../testing/fixtures.ts";

const BESIDE = join(tmpdir(), "storagex-corpus");

/** Files that recipes use besides video and audio. */
const FILES = {
  "words.srt": "1\n00:00:00,500 --> 00:00:01,500\nHallo <i>Welt</i>\n",
  "words.ass":
    "[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n" +
    "[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:00.50,0:00:01.50,Default,{\\b1}Hallo\n",
  "words.vtt": "WEBVTT\n\n00:00.500 --> 00:01.500\nHallo\n",
  "chapters.txt":
    ";FFMETADATA1\ntitle=A film\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n" +
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n",
  "font.ttf": "no font at all ".repeat(100),
} as const;

const COLOURS = (transfer: string) =>
  `-color_primaries bt2020 -color_trc ${transfer} -colorspace bt2020nc -color_range tv`;

/** Words of a recipe that stand for several arguments. V and A are two seconds of video and of audio. */
const WORDS: Record<string, string> = {
  V: "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2",
  A: "-f lavfi -i sine=frequency=440:duration=2",
  H264: "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25",
  HEVC: "-c:v libx265 -preset ultrafast -x265-params log-level=error",
  AAC: "-c:a aac -b:a 64k",
  BT709: "-color_primaries bt709 -color_trc bt709 -colorspace bt709",
  PQ: COLOURS("smpte2084"),
  HLG: COLOURS("arib-std-b67"),
  /** Copies the packets of the previous run. */
  COPY: "-i PREVIOUS -map 0 -c copy",
};

const argumentsOf = (step: string): string[] =>
  step.split(/\s+/).flatMap((word) => {
    if (word in FILES) return [join(BESIDE, word)];
    const meant = word === "" ? [] : (WORDS[word]?.split(" ") ?? [word]);
    // A video of another size, rate or length: `V:size=16x16:duration=1`.
    if (word.startsWith("V:")) return ["-f", "lavfi", "-i", sourceOf(word)];
    return meant;
  });

const sourceOf = (word: string) => {
  const given = Object.fromEntries(
    word
      .split(":")
      .slice(1)
      .map((pair) => pair.split("=")),
  );
  const all = { size: "160x90", rate: "25", duration: "2", ...given };
  return `testsrc2=${Object.entries(all)
    .map(([key, value]) => `${key}=${value}`)
    .join(":")}`;
};

/** The bytes of `name`, made by `recipe`: arguments in words, each further FFmpeg run after a `|`. */
export async function made(name: string, recipe: string): Promise<Buffer> {
  await mkdir(BESIDE, { recursive: true });
  await Promise.all(
    Object.entries(FILES).map(([file, text]) =>
      writeFile(join(BESIDE, file), text, { flag: "wx" }).catch(() => {}),
    ),
  );
  const steps = recipe.split("|").map((step) => argumentsOf(step.trim()));
  return Buffer.from(await readFile(await fixture(name, ...steps)));
}

/** Damages a file. */
export type Damage = (bytes: Buffer) => Buffer;

/** Truncates after this share of its bytes. */
export const cut =
  (share: number): Damage =>
  (bytes) =>
    bytes.subarray(0, Math.floor(bytes.length * share));

/** `length` bytes are wrong, from this share of the file on. */
export const scar =
  (share: number, length: number): Damage =>
  (bytes) =>
    bytes.fill(0x55, Math.floor(bytes.length * share), Math.floor(bytes.length * share) + length);

/** Everything from this share on is zeros, as a broken download leaves it. */
export const hollow =
  (share: number): Damage =>
  (bytes) =>
    bytes.fill(0, Math.floor(bytes.length * share));

export const followedBy =
  (tail: string | Buffer): Damage =>
  (bytes) =>
    Buffer.concat([bytes, Buffer.from(tail)]);

export const ledBy =
  (head: string | Buffer): Damage =>
  (bytes) =>
    Buffer.concat([Buffer.from(head), bytes]);

/** The same file appended to itself, as a recorder that was stopped and started joins its recordings. */
export const twice: Damage = (bytes) => Buffer.concat([bytes, bytes]);

/** Writes hex `value` at `offset` bytes after the first occurrence of hex `mark`. Throws where there is none. */
export const patch =
  (mark: string, offset: number, value: string): Damage =>
  (bytes) => {
    const at = bytes.indexOf(Buffer.from(mark, "hex"));
    if (at < 0) throw new Error(`no ${mark} in the file`);
    Buffer.from(value, "hex").copy(bytes, at + offset);
    return bytes;
  };
