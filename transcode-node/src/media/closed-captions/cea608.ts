/** Reads CEA-608 ("line 21") captions as cues: pop-on, roll-up and paint-on, four channels. */

import { isBlank } from "@storagex/contract/webvtt/cue-text";
import type { Cue } from "@storagex/contract/webvtt/parse";
import { basicLetter, extendedLetter, specialLetter } from "./letters.ts";
import { ROWS, Screen } from "./screen.ts";
import type { TimedPair } from "./user-data.ts";

export type ChannelName = "CC1" | "CC2" | "CC3" | "CC4";

/** The cues of each channel that has any. `end` in seconds: what is still displayed then ends there. */
export function readCea608(pairs: Iterable<TimedPair>, end: number): Map<ChannelName, Cue[]> {
  const fields = [new Field("CC1", "CC2"), new Field("CC3", "CC4")] as const;
  for (const pair of pairs) fields[pair.field === 1 ? 0 : 1].take(pair);
  const channels = fields.flatMap((field) => field.channels);
  return new Map(
    channels.flatMap((channel) => {
      const cues = channel.finish(end);
      return cues.length > 0 ? [[channel.name, cues] as const] : [];
    }),
  );
}

/** Two channels share a field; each control code says which channel the following characters belong to. */
class Field {
  readonly channels: readonly [Channel, Channel];
  #current: Channel | undefined;
  #last = "";

  constructor(first: ChannelName, second: ChannelName) {
    this.channels = [new Channel(first), new Channel(second)];
  }

  take({ time, first, second }: TimedPair): void {
    if (first >= 0x10 && first < 0x20) {
      const code = `${first} ${second}`;
      // Control codes are sent twice.
      const isAgain = code === this.#last;
      this.#last = isAgain ? "" : code;
      if (isAgain) return;
      this.#current = this.channels[(first & 8) === 0 ? 0 : 1];
      this.#current.control(first & 0xf7, second, time);
      return;
    }
    if (first !== 0 || second !== 0) this.#last = "";
    // Codes below are packets about the programme, in the second field: their characters are no captions.
    if (first > 0 && first < 0x10) this.#current = undefined;
    for (const code of [first, second]) if (code >= 0x20) this.#current?.letter(basicLetter(code), time);
  }
}

/** Rows of preamble codes: by the first byte's low bits, the even one first. */
const PREAMBLE_ROWS: Readonly<Record<number, number>> = { 0: 10, 1: 0, 2: 2, 3: 11, 4: 13, 5: 4, 6: 6, 7: 8 };

class Channel {
  readonly name: ChannelName;
  #mode: "none" | "pop-on" | "roll-up" | "paint-on" | "text" = "none";
  #shown = new Screen();
  #hidden = new Screen();
  /** Time since which the displayed text is readable; undefined before its first character. */
  #since: number | undefined;
  #cues: Cue[] = [];
  #row = ROWS - 1;
  #column = 0;
  #rolling = 2;
  #isItalic = false;
  #isUnderlined = false;

  constructor(name: ChannelName) {
    this.name = name;
  }

  /** `first` without the channel bit. */
  control(first: number, second: number, time: number): void {
    const set = first & 7;
    if (second >= 0x40) this.#preamble(set, second);
    else if (set === 1 && second < 0x30) this.#style(second, time);
    else if (set === 1) this.letter(specialLetter(second), time);
    else if (set === 2 || set === 3) {
      // It replaces a plain character that was sent before it for older receivers.
      this.#column = Math.max(0, this.#column - 1);
      this.letter(extendedLetter(set, second), time);
    } else if ((set === 4 || set === 5) && second < 0x30) this.#command(second, time);
    else if (set === 7 && second >= 0x21 && second <= 0x23) this.#column += second - 0x20;
  }

  letter(letter: string, time: number): void {
    if (this.#mode === "none" || this.#mode === "text" || letter === "") return;
    const cell = { letter, isItalic: this.#isItalic, isUnderlined: this.#isUnderlined };
    this.#written.put(this.#row, this.#column, cell);
    this.#column = Math.min(31, this.#column + 1);
    if (this.#written === this.#shown) this.#since ??= time;
  }

  finish(end: number): Cue[] {
    this.#close(end);
    return this.#cues;
  }

  get #written(): Screen {
    return this.#mode === "pop-on" ? this.#hidden : this.#shown;
  }

  /** Makes a cue of what was displayed until `time`. */
  #close(time: number): void {
    const start = this.#since;
    this.#since = undefined;
    if (start === undefined || time <= start) return;
    const { text, settings } = this.#shown.cue();
    if (!isBlank(text)) this.#cues.push({ start, end: time, settings, text });
  }

  #preamble(set: number, second: number): void {
    const row = Math.min(ROWS - 1, (PREAMBLE_ROWS[set] ?? 0) + (set !== 0 && (second & 0x20) !== 0 ? 1 : 0));
    if (this.#mode === "roll-up" && row !== this.#row) this.#shown.move(this.#row, row);
    this.#row = row;
    const isIndent = (second & 0x10) !== 0;
    this.#column = isIndent ? 4 * ((second >> 1) & 7) : 0;
    this.#isItalic = !isIndent && ((second >> 1) & 7) === 7;
    this.#isUnderlined = (second & 1) === 1;
  }

  /** A style change within a row occupies one character. */
  #style(second: number, time: number): void {
    this.#isItalic = false;
    this.#isUnderlined = false;
    this.letter(" ", time);
    this.#isItalic = ((second >> 1) & 7) === 7;
    this.#isUnderlined = (second & 1) === 1;
  }

  #command(code: number, time: number): void {
    switch (code) {
      case 0x20:
        this.#mode = "pop-on";
        break;
      case 0x21:
        this.#column = Math.max(0, this.#column - 1);
        this.#written.put(this.#row, this.#column, undefined);
        break;
      case 0x24:
        this.#written.clearFrom(this.#row, this.#column);
        break;
      case 0x25:
      case 0x26:
      case 0x27:
        this.#rollUp(code - 0x23, time);
        break;
      case 0x29:
        if (this.#mode !== "paint-on") this.#renew(time);
        this.#mode = "paint-on";
        break;
      case 0x2a:
      case 0x2b:
        this.#mode = "text";
        break;
      case 0x2c:
        this.#close(time);
        this.#shown.clear();
        break;
      case 0x2d:
        if (this.#mode !== "roll-up") break;
        this.#close(time);
        this.#shown.roll(this.#row, this.#rolling);
        this.#column = 0;
        break;
      case 0x2e:
        this.#hidden.clear();
        break;
      case 0x2f:
        this.#mode = "pop-on";
        this.#close(time);
        [this.#shown, this.#hidden] = [this.#hidden, this.#shown];
        this.#since = this.#shown.isEmpty ? undefined : time;
        break;
    }
  }

  /** The displayed text stays, in its own cue up to what is written now. */
  #renew(time: number): void {
    this.#close(time);
    this.#since = this.#shown.isEmpty ? undefined : time;
  }

  #rollUp(rows: number, time: number): void {
    this.#rolling = rows;
    if (this.#mode === "roll-up") return;
    this.#close(time);
    this.#shown.clear();
    this.#hidden.clear();
    this.#mode = "roll-up";
    this.#row = ROWS - 1;
    this.#column = 0;
  }
}
