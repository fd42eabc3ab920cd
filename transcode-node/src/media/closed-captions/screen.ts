/** One memory of a CEA-608 channel: 15 rows of 32 characters, and its conversion to a cue. */
import { cleanCueText } from "@storagex/contract/webvtt/cue-text";

export const ROWS = 15;
const COLUMNS = 32;
/** From this row on, captions are where players put them by default. */
const USUAL_ROW = 12;

type Cell = { letter: string; isItalic: boolean; isUnderlined: boolean };
type Row = (Cell | undefined)[];

export class Screen {
  #rows: Row[] = emptyRows();

  get isEmpty(): boolean {
    return this.#rows.every((row) => row.every((cell) => cell === undefined));
  }

  /** `row` and `column` count from 0; the last column takes every character beyond it. */
  put(row: number, column: number, cell: Cell | undefined): void {
    const line = this.#rows[row];
    if (line) line[Math.min(column, COLUMNS - 1)] = cell;
  }

  clear(): void {
    this.#rows = emptyRows();
  }

  clearFrom(row: number, column: number): void {
    for (let at = column; at < COLUMNS; at += 1) this.put(row, at, undefined);
  }

  /** Moves the `count` rows up to `base` up by one; the highest of them disappears. */
  roll(base: number, count: number): void {
    const kept = this.#rows.slice(Math.max(0, base - count + 2), base + 1);
    this.#rows = emptyRows();
    for (const [n, row] of kept.entries()) this.#rows[base - kept.length + n] = row;
  }

  /** Moves the rows that end at `from` so that they end at `to`. */
  move(from: number, to: number): void {
    const old = this.#rows;
    this.#rows = emptyRows();
    for (let row = 0; row < ROWS; row += 1) {
      const source = old[row - to + from];
      if (source && row <= to) this.#rows[row] = source;
    }
  }

  /** The text of all rows with WebVTT's tags, and the setting that positions it. */
  cue(): { text: string; settings: string } {
    const used = this.#rows.flatMap((row, n) => (row.some((cell) => cell !== undefined) ? [n] : []));
    const [first = 0] = used;
    const isUsual = (used.at(-1) ?? ROWS) + 1 >= USUAL_ROW;
    const text = used.map((n) => textOf(this.#rows[n] ?? [])).join("\n");
    // The rows fill the inner 80 % of the frame.
    return {
      text: cleanCueText(text),
      settings: isUsual ? "" : `line:${Math.round(10 + (80 * first) / ROWS)}%`,
    };
  }
}

const emptyRows = (): Row[] => Array.from({ length: ROWS }, () => new Array<Cell | undefined>(COLUMNS));

const escaped = (letter: string) => letter.replace("&", "&amp;").replace("<", "&lt;");

function textOf(row: Row): string {
  const first = row.findIndex((cell) => cell !== undefined);
  const last = row.findLastIndex((cell) => cell !== undefined);
  let text = "";
  let open = "";
  for (const cell of Array.from(row).slice(first, last + 1)) {
    // An unwritten cell between two words is a space in the style of the preceding text.
    const style = cell === undefined ? open : `${cell.isItalic ? "i" : ""}${cell.isUnderlined ? "u" : ""}`;
    if (style !== open) text += `${endOf(open)}${beginOf(style)}`;
    open = style;
    text += cell === undefined ? " " : escaped(cell.letter);
  }
  return `${text}${endOf(open)}`.trim();
}

const beginOf = (style: string) => [...style].map((tag) => `<${tag}>`).join("");
const endOf = (style: string) =>
  [...style]
    .reverse()
    .map((tag) => `</${tag}>`)
    .join("");
