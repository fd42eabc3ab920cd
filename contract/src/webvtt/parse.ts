/** Reads the text of an SRT or WebVTT file (WebVTT 1.0, 4): an owner's strictly, what is wrong named by its line; a track that FFmpeg wrote as far as it goes. */
import { cleanCueText, isBlank } from "./cue-text.ts";

/** Seconds; `settings` as WebVTT writes them, empty for none; `text` is clean. */
export type Cue = { start: number; end: number; settings: string; text: string };

/** What is wrong, and in which line of the file (1-based). */
export class CaptionsError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Throws, or lets the reader go on behind what is wrong. */
type Refuse = (error: CaptionsError) => void;
type Reader = { lines: readonly string[]; at: number };

const VTT_TIME = /^(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;
/** Some programs write the point of WebVTT, or one digit for the hour. */
const SRT_TIME = /^(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{3})$/;

/** The settings that place a cue; `region` would name a block that is not kept. */
const SETTINGS =
  /^(vertical:(rl|lr)|line:(-?\d{1,3}|\d{1,3}(\.\d+)?%)(,(start|center|end))?|position:\d{1,3}(\.\d+)?%(,(line-left|center|line-right))?|size:\d{1,3}(\.\d+)?%|align:(start|center|end|left|right))$/;

/** The cues of a file, in order. Throws `CaptionsError`. */
export function parseCaptions(content: string): Cue[] {
  const cues = readFile(content, (error) => {
    throw error;
  });
  if (cues.length === 0) throw new CaptionsError(1, "the file holds no cue");
  return cues;
}

/** The cues of a file that nobody can mend: what is wrong is left out. */
export function salvageCaptions(content: string): Cue[] {
  return readFile(content, () => undefined).sort((a, b) => a.start - b.start);
}

function readFile(content: string, refuse: Refuse): Cue[] {
  // Section 4.1: a byte order mark goes, NUL becomes the replacement character, line ends are one.
  const text = content
    .replace(/^\ufeff/, "")
    .replaceAll("\0", "\ufffd")
    .replaceAll(/\r\n?/g, "\n");
  const reader: Reader = { lines: text.toWellFormed().split("\n"), at: 0 };
  const isVtt = /^WEBVTT(?:[ \t]|$)/.test(reader.lines[0] ?? "");
  if (isVtt) skipHeader(reader, refuse);
  const cues: Cue[] = [];
  let last = 0;
  while (skipBlank(reader)) {
    try {
      if (isVtt && skipBlock(reader)) continue;
      const { line, ...cue } = readCue(reader, isVtt);
      if (cue.start < last) refuse(new CaptionsError(line, "the cue starts before the one above it"));
      last = cue.start;
      if (!isBlank(cue.text)) cues.push(cue);
    } catch (error) {
      if (!(error instanceof CaptionsError)) throw error;
      refuse(error);
      while (!isAtBlank(reader)) reader.at += 1;
    }
  }
  return cues;
}

/** Metadata up to the first blank line; a cue there would be lost, so it is an error. */
function skipHeader(reader: Reader, refuse: Refuse): void {
  for (reader.at = 1; !isAtBlank(reader); reader.at += 1)
    if (lineOf(reader).includes("-->"))
      refuse(new CaptionsError(reader.at + 1, "a blank line must follow the header"));
}

const lineOf = ({ lines, at }: Reader): string => lines[at] ?? "";
/** At the end, too. */
const isAtBlank = (reader: Reader): boolean => lineOf(reader).trim() === "";

/** False at the end of the file. */
function skipBlank(reader: Reader): boolean {
  while (reader.at < reader.lines.length && isAtBlank(reader)) reader.at += 1;
  return reader.at < reader.lines.length;
}

/** Comments, style sheets and regions are not kept. */
function skipBlock(reader: Reader): boolean {
  if (!/^(NOTE(?:[ \t]|$)|STYLE[ \t]*$|REGION[ \t]*$)/.test(lineOf(reader))) return false;
  if (reader.lines[reader.at + 1]?.includes("-->")) return false;
  for (; !isAtBlank(reader); reader.at += 1)
    if (lineOf(reader).includes("-->"))
      throw new CaptionsError(reader.at + 1, "a cue stands in a comment, style or region block");
  return true;
}

function readCue(reader: Reader, isVtt: boolean): Cue & { line: number } {
  // One line before the times may number or name the cue.
  if (!lineOf(reader).includes("-->")) reader.at += 1;
  const line = reader.at + 1;
  if (!lineOf(reader).includes("-->"))
    throw new CaptionsError(line, "the times of a cue are missing (00:00:01.000 --> 00:00:02.000)");
  const { start, end, settings } = readTimes(lineOf(reader), line, isVtt);
  if (end <= start) throw new CaptionsError(line, "the cue ends before it starts");
  const payload: string[] = [];
  for (reader.at += 1; !isAtBlank(reader); reader.at += 1) {
    if (lineOf(reader).includes("-->"))
      throw new CaptionsError(
        reader.at + 1,
        "no --> in a cue's text: a blank line must stand before the next cue",
      );
    payload.push(lineOf(reader));
  }
  const text = payload.join("\n");
  // SubRip's players read position codes such as {\an8}; nobody else does.
  const plain = isVtt ? text : text.replaceAll(/\{\\[^{}\n]*\}/g, "");
  return { line, start, end, settings, text: cleanCueText(plain) };
}

function readTimes(text: string, line: number, isVtt: boolean): Omit<Cue, "text"> {
  const arrow = text.indexOf("-->");
  const [to = "", ...words] = text
    .slice(arrow + 3)
    .trim()
    .split(/\s+/);
  const start = secondsOf(text.slice(0, arrow).trim(), line, isVtt);
  const end = secondsOf(to, line, isVtt);
  // SubRip writes co-ordinates there.
  const settings = isVtt ? words.filter((word) => SETTINGS.test(word)) : [];
  return { start, end, settings: settings.join(" ") };
}

function secondsOf(text: string, line: number, isVtt: boolean): number {
  if (text.startsWith("-")) throw new CaptionsError(line, "a time must not be negative");
  const match = (isVtt ? VTT_TIME : SRT_TIME).exec(text);
  if (!match) {
    const form = isVtt ? "00:00:01.000" : "00:00:01,000";
    throw new CaptionsError(line, `"${text.slice(0, 20)}" is not a time such as ${form}`);
  }
  const [, hours = "0", minutes, seconds, thousandths] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(thousandths) / 1000;
}
