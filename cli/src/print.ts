/** What commands print: JSON for programs; lines, tables and a progress bar for people. */
import { stderr, stdout } from "node:process";
import { stripVTControlCharacters, styleText } from "node:util";

const closed = new AbortController();
/** Ends when nobody reads any more what is printed (`storagex list | head -1`). */
export const outputClosed: AbortSignal = closed.signal;

/** From now on a closed output is an end, and no error of the process. */
export function watchOutput(): void {
  for (const stream of [stdout, stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      closed.abort();
    });
}

/** One JSON value in a line. */
export const printJson = (value: unknown): void => void stdout.write(`${JSON.stringify(value)}\n`);
export const printLine = (line: string): void => void stdout.write(`${shown(line)}\n`);
/** For people only: what a command is doing. */
export const printNote = (line: string): void => void stderr.write(`${shown(line)}\n`);
export const printError = (message: string): void =>
  void stderr.write(`${stderr.isTTY ? styleText("red", "error:") : "error:"} ${shown(message)}\n`);

/** Titles are other people's: nothing in them may steer the terminal. */
function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

/** Rows under a head, in columns; without a head, pairs. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  for (const row of rows)
    printLine(
      row
        .map((cell, column) => cell.replaceAll(/\s/g, " ").padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

export const bytes = (count: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
};

/** Seconds as a player shows them; "–" where they are not known. */
export function clock(seconds: number | null): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** Of the bar, and of the longest name before it. Characters. */
const WIDTH = 24;
const LABEL = 30;

/** A line that is written over; only where a person looks. */
export class Progress {
  readonly #isShown: boolean;
  #last = "";
  constructor(isShown: boolean) {
    this.#isShown = isShown && stderr.isTTY === true;
  }

  show(name: string, share: number, more: string): void {
    if (!this.#isShown) return;
    const done = Math.round(Math.min(1, share) * WIDTH);
    const bar = `${"█".repeat(done)}${"░".repeat(WIDTH - done)}`;
    const label = name.length > LABEL ? `${name.slice(0, LABEL - 1)}…` : name;
    const line = shown(`${label}  ${bar} ${percent(share).padStart(5)}  ${more}`).slice(
      0,
      stderr.columns - 1,
    );
    if (line !== this.#last) stderr.write(`\r\u001b[2K${line}`);
    this.#last = line;
  }

  /** Leaves the terminal as it was. */
  end(): void {
    if (this.#last !== "") stderr.write("\r\u001b[2K");
    this.#last = "";
  }
}
