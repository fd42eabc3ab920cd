/**
 * Formats numbers for people: exact and short. Pure; sizes in bytes, times in seconds unless stated
 * otherwise.
 */

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `8.4 GB`: decimal units as disks are sold; one decimal below 100. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${SIZE_UNITS[unit]}`;
}

/** `50 GB`, `1.5 TB`: a configured size, without a zero decimal. */
export function formatLimit(bytes: number): string {
  return formatSize(bytes).replace(".0 ", " ");
}

/** `−23.1 LUFS`: with a real minus sign. */
export function formatLoudness(lufs: number): string {
  return `${lufs.toFixed(1).replace("-", "−")} LUFS`;
}

/** `1:42:07`, `0:52`: as a player's clock shows it. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** `0.84 s`, `12.3 s`, `4 min 10 s`, `2 h 5 min`: a duration. */
export function formatTook(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** `9 min left`, `16 s left`: rounded up, so that it never promises too little time. */
export function formatLeft(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s left`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min left`;
  return `${(seconds / 3_600).toFixed(1)} h left`;
}

/** `43%`; never 100 before it is complete. */
export function formatPercent(fraction: number): string {
  const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
  return `${percent}%`;
}

/** `38 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  const [value, unit] = formatSize(bytesPerSecond).split(" ");
  return `${Number(value) >= 10 ? Math.round(Number(value)) : value} ${unit}/s`;
}

/** `4.6 Mbit/s`, `96 kbit/s`. */
export function formatBitrate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 999_500) return `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1_000)} kbit/s`;
}

/** `11.2×`. */
export function formatTimes(factor: number): string {
  return `${factor.toFixed(factor < 10 ? 1 : 0)}×`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function formatOrdinal(position: number): string {
  const hundred = position % 100;
  const ten = position % 10;
  const ending =
    hundred >= 11 && hundred <= 13 ? "th" : ten === 1 ? "st" : ten === 2 ? "nd" : ten === 3 ? "rd" : "th";
  return `${position}${ending}`;
}

/** `25 fps`, `29.97 fps`. */
export function formatFrameRate(framesPerSecond: number): string {
  return `${Number(framesPerSecond.toFixed(2))} fps`;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `12 minutes ago`; both in milliseconds since 1970. */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.round((now - then) / 1_000);
  if (seconds < 45) return "just now";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return words.format(-Math.round(seconds / length), unit);
  }
  return "1 minute ago";
}

/** `24 Nov 2026, 16:03:12`, in the reader's time zone. */
export function formatExact(then: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(then);
}
