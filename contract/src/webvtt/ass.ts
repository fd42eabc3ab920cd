/**
 * Reads the dialogue of ASS and SSA scripts: text, times, and of the styling only bold, italic, underline and
 * the position at the top.
 */
import type { Fault, Found, FoundCue } from "./cue.ts";
import { cleanCueText, isBlank } from "./cue-text.ts";
import type { Repairs } from "./repairs.ts";
import { secondsOf } from "./times.ts";

/** Used where a script does not declare its own order of fields. */
const USUAL_FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";
const DIALOGUE = /^\s*dialogue:/i;

/** A script begins with its section, or is a bare list of dialogue lines. */
export function isAss(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== "") ?? "";
  return /^\s*\[script info\]/i.test(first) || /^\s*\[events\]/i.test(first) || DIALOGUE.test(first);
}

export function* readAss(lines: readonly string[], repairs: Repairs): Generator<undefined, Found> {
  let fields = fieldsOf(USUAL_FIELDS);
  let isEvents = false;
  let fault: Fault | undefined;
  const found: FoundCue[] = [];
  const seen = new Set<string>();
  for (const [n, line] of lines.entries()) {
    if (/^\s*\[/.test(line)) isEvents = /^\s*\[events\]/i.test(line);
    // The styles section has a Format line of its own.
    else if (isEvents && /^\s*format:/i.test(line)) fields = fieldsOf(line.slice(line.indexOf(":") + 1));
    else if (DIALOGUE.test(line)) {
      const cue = readDialogue(line.slice(line.indexOf(":") + 1), n + 1, fields, repairs);
      if (cue === undefined) {
        repairs.add("left_out", n + 1);
        fault ??= { line: n + 1, message: "the times of this dialogue cannot be read (0:00:01.00)" };
      } else {
        // Borders and shadows repeat the same text in another layer.
        const key = `${cue.start} ${cue.end} ${cue.text}`;
        if (!isBlank(cue.text) && !seen.has(key)) found.push(cue);
        seen.add(key);
      }
    }
    if (n % 500 === 499) yield;
  }
  return { found, fault: fault ?? { line: 1, message: "the script holds no dialogue" } };
}

type Fields = { count: number; start: number; end: number; text: number };

function fieldsOf(format: string): Fields {
  const names = format.split(",", 40).map((name) => name.trim().toLowerCase());
  const at = (name: string, usual: number) => (names.includes(name) ? names.indexOf(name) : usual);
  return { count: names.length, start: at("start", 1), end: at("end", 2), text: names.length - 1 };
}

/** `rest` is the line after "Dialogue:". Undefined where its times cannot be read. */
function readDialogue(rest: string, line: number, fields: Fields, repairs: Repairs): FoundCue | undefined {
  const values: string[] = [];
  let from = 0;
  // The text is the last field and may hold commas.
  for (
    let comma = rest.indexOf(",");
    comma >= 0 && values.length < fields.text;
    comma = rest.indexOf(",", from)
  ) {
    values.push(rest.slice(from, comma).trim());
    from = comma + 1;
  }
  const start = secondsOf(values[fields.start] ?? "");
  const end = secondsOf(values[fields.end] ?? "");
  if (start === undefined || end === undefined) return undefined;
  const { text, settings, hasStyling, hasDrawing } = readText(rest.slice(from));
  if (hasDrawing) repairs.add("drawing", line);
  let isMarkup = hasStyling;
  const clean = cleanCueText(text, () => {
    isMarkup = true;
  });
  if (isMarkup) repairs.add("markup", line);
  return { line, start, end, settings, text: clean };
}

const OVERRIDES = /\{([^{}]*)\}/g;
/** `\i1`, `\b700`, `\u0`: other codes with the same first letter (`\bord2`, `\blur1`) have a letter there. */
const FACE = /\\([ibu])(\d{1,3})(?![\d.])/g;

/** Converts override tags (`{\i1\pos(1,2)}`) to WebVTT, or removes them. */
function readText(raw: string) {
  let settings = "";
  let hasStyling = false;
  let hasDrawing = false;
  let isDrawing = false;
  let text = "";
  let from = 0;
  const take = (to: number) => {
    const words = raw.slice(from, to);
    if (isDrawing && words.trim() !== "") hasDrawing = true;
    if (!isDrawing) text += asPlain(words);
  };
  for (const match of raw.matchAll(OVERRIDES)) {
    take(match.index);
    from = match.index + match[0].length;
    const [, codes = ""] = match;
    const drawing = /\\p(\d)/.exec(codes)?.[1];
    if (drawing !== undefined) isDrawing = drawing !== "0";
    // Alignment as on a numeric keypad, or as SSA numbers it: the top row and the middle row.
    if (/\\(an[789]|a[567])(?!\d)/.test(codes)) settings ||= "line:0";
    else if (/\\(an[456]|a(9|10|11))(?!\d)/.test(codes)) settings ||= "line:50%";
    for (const [, face = "", weight] of codes.matchAll(FACE))
      text += weight === "0" ? `</${face}>` : `<${face}>`;
    if (
      codes
        .replaceAll(FACE, "")
        .replace(/\\an?\d{1,2}/, "")
        .includes("\\")
    )
      hasStyling = true;
  }
  take(raw.length);
  return { text, settings, hasStyling, hasDrawing };
}

const asPlain = (text: string) => text.replaceAll(/\\[Nn]/g, "\n").replaceAll("\\h", "\u00a0");
