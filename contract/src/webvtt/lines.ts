/**
 * Reads the lines of an SRT or WebVTT file (WebVTT 1.0, section 4). A cue begins at a timing line, whatever
 * is around it.
 */
import type { Fault, Found, FoundCue } from "./cue.ts";
import { cleanCueText, isBlank } from "./cue-text.ts";
import type { Repairs } from "./repairs.ts";
import { isLikeTimes, isUnpadded, timesOf } from "./times.ts";

/** The settings that position a cue; `region` would name a block that is not kept. */
const SETTINGS =
  /^(vertical:(rl|lr)|line:(-?\d{1,3}|\d{1,3}(\.\d+)?%)(,(start|center|end))?|position:\d{1,3}(\.\d+)?%(,(line-left|center|line-right))?|size:\d{1,3}(\.\d+)?%|align:(start|center|end|left|right))$/;
/** Position codes of SubRip's players: `{\an8}` is the top. */
const CODES = /\{\\[^{}\n]{0,200}\}/g;
const IS_TOP = /\{\\(an[789]|a[567])\}/;

/** Cues or lines between two yields to other work: about two milliseconds. */
const STEPS = 500;

export function* readLines(lines: readonly string[], repairs: Repairs): Generator<undefined, Found> {
  const reader = new LineReader(lines, repairs);
  const found: FoundCue[] = [];
  for (let steps = 1; ; steps += 1) {
    if (steps % STEPS === 0) yield;
    const seen = reader.lookOn();
    if (seen === "end") break;
    if (seen === "other") continue;
    const cue = yield* reader.readCue();
    if (!isBlank(cue.text)) found.push(cue);
  }
  return { found, fault: reader.fault };
}

class LineReader {
  readonly #lines: readonly string[];
  readonly #repairs: Repairs;
  readonly #form: { isVtt: boolean; isUnpadded: boolean };
  #at = 0;
  fault: Fault | undefined;

  constructor(lines: readonly string[], repairs: Repairs) {
    this.#lines = lines;
    this.#repairs = repairs;
    this.#form = { isVtt: /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? ""), isUnpadded: isUnpadded(lines) };
    if (this.#form.isVtt) this.#skipHeader();
  }

  #line(at = this.#at): string {
    return this.#lines[at] ?? "";
  }

  /** True at the end of the file too. */
  #isBlank(at = this.#at): boolean {
    return this.#line(at).trim() === "";
  }

  #times(at = this.#at) {
    return timesOf(this.#line(at), this.#form);
  }

  /** Metadata up to the first blank line. */
  #skipHeader(): void {
    for (this.#at = 1; !this.#isBlank(); this.#at += 1)
      if (this.#times()) {
        this.#repairs.add("missing_blank_line", this.#at + 1);
        return;
      }
  }

  /**
   * Number of lines before the timing line of a cue that begins at `at`: 0, or 1 for its number or name;
   * undefined where no cue begins.
   */
  #leadOf(at: number): 0 | 1 | undefined {
    if (this.#times(at)) return 0;
    if (this.#isBlank(at) || !this.#times(at + 1)) return undefined;
    // Within text only a number can be told apart from the text.
    return /^\s*\d+\s*$/.test(this.#line(at)) || at === 0 || this.#isBlank(at - 1) ? 1 : undefined;
  }

  /** Comments, style sheets and regions are not kept. */
  #isBlock(at: number): boolean {
    return this.#form.isVtt && /^(NOTE(?:[ \t]|$)|STYLE[ \t]*$|REGION[ \t]*$)/.test(this.#line(at));
  }

  /** Moves to the timing line of a cue that begins here, or skips what else is here. */
  lookOn(): "cue" | "other" | "end" {
    if (this.#at >= this.#lines.length) return "end";
    const lead = this.#leadOf(this.#at);
    this.#at += lead ?? 0;
    if (lead !== undefined) return "cue";
    if (this.#isBlock(this.#at)) this.#skipBlock();
    else if (!this.#isBlank()) this.#leaveOut();
    this.#at += 1;
    return "other";
  }

  /** Stops before the blank line or the cue that ends the block. */
  #skipBlock(): void {
    while (!this.#isBlank(this.#at + 1)) {
      if (this.#leadOf(this.#at + 1) !== undefined) {
        this.#repairs.add("missing_blank_line", this.#at + 2);
        return;
      }
      this.#at += 1;
    }
  }

  #leaveOut(): void {
    const line = this.#at + 1;
    const text = this.#line().trim();
    const isTimes = isLikeTimes(text);
    const isNumber = /^\d+$/.test(text) && this.#isBlank(this.#at + 1);
    this.#repairs.add(isNumber ? "no_cue" : "left_out", line);
    const message = isTimes
      ? `"${text.slice(0, 40)}" are no times such as 00:00:01.000 --> 00:00:02.000`
      : "the times of a cue are missing (00:00:01.000 --> 00:00:02.000)";
    // A malformed timing line is a more useful fault than lines without any.
    if (!this.fault || (isTimes && !this.fault.message.startsWith('"'))) this.fault = { line, message };
  }

  /** Reads the cue whose timing line is here, and moves past it. */
  *readCue(): Generator<undefined, FoundCue> {
    const line = this.#at + 1;
    const times = this.#times();
    if (!times) throw new Error("no cue begins here");
    if (!times.isUsual) this.#repairs.add("time_form", line);
    this.#at += 1;
    const text = yield* this.#payload();
    const { isVtt } = this.#form;
    // SubRip writes coordinates there.
    const settings = isVtt ? times.rest.split(/\s+/).filter((word) => SETTINGS.test(word)) : [];
    if (!isVtt && IS_TOP.test(text)) settings.push("line:0");
    const clean = cleanCueText(isVtt ? text : text.replaceAll(CODES, ""), () =>
      this.#repairs.add("markup", line),
    );
    return { line, start: times.start, end: times.end, settings: settings.join(" "), text: clean };
  }

  /** The text up to the next cue: a blank line ends it only where no more text follows. */
  *#payload(): Generator<undefined, string> {
    const text: string[] = [];
    for (; this.#at < this.#lines.length; this.#at += 1) {
      if (text.length % STEPS === STEPS - 1) yield;
      if (this.#isBlank()) {
        const next = this.#nextText();
        if (next === undefined || this.#endsAt(next)) break;
        // WebVTT treats a line of spaces as text.
        if (this.#line() === "") this.#repairs.add("blank_line", this.#at + 1);
        this.#at = next;
      } else if (this.#leadOf(this.#at) !== undefined) {
        // Another cue begins directly below the timing line: this one has no text.
        if (text.length > 0) this.#repairs.add("missing_blank_line", this.#at + 1);
        break;
      } else if (isLikeTimes(this.#line())) break;
      text.push(this.#line());
    }
    return text.join("\n");
  }

  /** The next line that is not blank. */
  #nextText(): number | undefined {
    for (let at = this.#at; at < this.#lines.length; at += 1) if (!this.#isBlank(at)) return at;
    return undefined;
  }

  /** Whether the line at `at`, after a blank line, is no further text of the cue before it. */
  #endsAt(at: number): boolean {
    const isNumber = /^\s*\d+\s*$/.test(this.#line(at));
    const isLead = isLikeTimes(this.#line(at)) || isLikeTimes(this.#line(at + 1));
    return isNumber || isLead || this.#isBlock(at) || this.#leadOf(at) !== undefined;
  }
}
