/** The timing line that begins a cue, as SRT, WebVTT and the tools that write nearly that have it. */

export type Times = { start: number; end: number; isUsual: boolean; rest: string };

/**
 * Hours may be missing; minutes and seconds may have one digit; a point, comma or colon starts the fraction.
 */
const TIME = /^(-)?(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9})|:(\d{3}))?$/;
const USUAL_VTT = /^(?:\d{2,3}:)?[0-5]\d:[0-5]\d\.\d{3}$/;
/** Many programs write WebVTT's point, or one digit for the hour. */
const USUAL_SRT = /^\d{1,3}:[0-5]\d:[0-5]\d[,.]\d{3}$/;
const ARROW = /-{1,2} ?>/;
/** Max length of two times and an arrow with generous spaces. */
const MAX_TIMES = 120;

const headOf = (line: string) => (line.includes(">") ? line.slice(0, MAX_TIMES) : "");

/** Seconds, may be negative; undefined where the text is no time. */
export function secondsOf(text: string, isUnpadded = false): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, minus, hours, minutes = "0", seconds = "0", fraction = match[6] ?? "0"] = match;
  // Some programs write no hours and count minutes above 59.
  if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return undefined;
  const part = isUnpadded && fraction.length < 3 ? Number(fraction) / 1000 : Number(`0.${fraction}`);
  const sum = Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + part;
  // Sums of fractions would make 1.1 slightly too long.
  return (Math.round(sum * 1000) / 1000) * (minus ? -1 : 1);
}

/** The times of `line` in seconds; undefined where it is no timing line. */
export function timesOf(line: string, { isVtt, isUnpadded }: { isVtt: boolean; isUnpadded: boolean }) {
  const head = headOf(line);
  const arrow = ARROW.exec(head);
  if (!arrow) return undefined;
  const from = head.slice(0, arrow.index).trim();
  const after = line.slice(arrow.index + arrow[0].length, 1000).trim();
  const [to = ""] = after.split(/\s/, 1);
  const start = secondsOf(from, isUnpadded);
  const end = secondsOf(to, isUnpadded);
  if (start === undefined || end === undefined) return undefined;
  const usual = isVtt ? USUAL_VTT : USUAL_SRT;
  const isUsual = arrow[0] === "-->" && usual.test(from) && usual.test(to);
  return { start, end, isUsual, rest: after.slice(to.length).trim() } satisfies Times;
}

/** Whether `line` was meant as a timing line, though it cannot be read. */
export const isLikeTimes = (line: string): boolean => /^\s*-?\d[\d:.,; ]{0,30}--?>/.test(headOf(line));

/**
 * Whether fractions are thousandths without leading zeros, as Teams writes them (`0:0:3.90` is 3.090): true
 * where some have three digits and others fewer. Where all are short they are decimals.
 */
export function isUnpadded(lines: readonly string[]): boolean {
  const lengths = new Set<number>();
  for (const line of lines) {
    const head = headOf(line);
    if (!ARROW.test(head)) continue;
    for (const [, digits = ""] of head.matchAll(/:\d{1,2}[.,](\d{1,9})(?!\d)/g)) lengths.add(digits.length);
  }
  return lengths.has(3) && (lengths.has(1) || lengths.has(2)) && Math.max(...lengths) === 3;
}
