/**
 * Formats numbers for people: exact and short, as the page's language writes them. Sizes in bytes, times in
 * seconds unless stated otherwise.
 */
import { t } from "../messages/format.ts";
import { locale } from "../messages/language.ts";

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

const formats = new Map<string, Intl.NumberFormat>();

/** `1,234.5`, `1.234,5`: with so many decimals. Making a formatter takes longer than using it. */
export function formatNumber(value: number, decimals = 0, style: "decimal" | "percent" = "decimal"): string {
  const key = `${locale()} ${decimals} ${style}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), {
      style,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** The number in its unit, and how many decimals it deserves: one below 100. */
function scaled(bytes: number): { value: number; unit: string; decimals: number } {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return { value, unit: SIZE_UNITS[unit] ?? "B", decimals: unit === 0 || value >= 99.95 ? 0 : 1 };
}

/** `8.4 GB`: decimal units as disks are sold. */
export function formatSize(bytes: number): string {
  const { value, unit, decimals } = scaled(bytes);
  return `${formatNumber(value, decimals)} ${unit}`;
}

/** `50 GB`, `1.5 TB`: a configured size, without a zero decimal. */
export function formatLimit(bytes: number): string {
  const { value, unit, decimals } = scaled(bytes);
  const isRound = Number(value.toFixed(decimals)) % 1 === 0;
  return `${formatNumber(value, isRound ? 0 : decimals)} ${unit}`;
}

/** `−23.1 LUFS`: with a real minus sign. */
export function formatLoudness(lufs: number): string {
  return `${formatNumber(lufs, 1).replace("-", "−")} LUFS`;
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
  if (seconds < 9.995) return `${formatNumber(seconds, 2)} s`;
  if (seconds < 59.95) return `${formatNumber(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** `9 min left`, `16 s left`: rounded up, so that it never promises too little time. */
export function formatLeft(seconds: number): string {
  if (seconds < 60) return t("secondsLeft", formatNumber(Math.max(1, Math.ceil(seconds))));
  if (seconds < 5_400) return t("minutesLeft", formatNumber(Math.ceil(seconds / 60)));
  return t("hoursLeft", formatNumber(seconds / 3_600, 1));
}

/** `43%`; never 100 before it is complete. */
export function formatPercent(fraction: number): string {
  return formatNumber(Math.floor(Math.min(1, Math.max(0, fraction)) * 100) / 100, 0, "percent");
}

/** `38 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  const { value, unit, decimals } = scaled(bytesPerSecond);
  return `${formatNumber(value, value >= 9.95 ? 0 : decimals)} ${unit}/s`;
}

/** `4.6 Mbit/s`, `96 kbit/s`. */
export function formatBitrate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 999_500) return `${formatNumber(bitsPerSecond / 1e6, 1)} Mbit/s`;
  return `${formatNumber(bitsPerSecond / 1_000)} kbit/s`;
}

/** `11.2×`, `0.04×`: never 0 of what runs. */
export function formatTimes(factor: number): string {
  const decimals = factor >= 10 ? 0 : factor >= 0.095 ? 1 : 2;
  return `${formatNumber(Math.max(factor, 0.01), decimals)}×`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function formatOrdinal(position: number): string {
  return t("ordinal", position);
}

/** `25 fps`, `29.97 fps`. */
export function formatFrameRate(framesPerSecond: number): string {
  const rate = Number(framesPerSecond.toFixed(2));
  const decimals = String(rate).split(".")[1]?.length ?? 0;
  return `${formatNumber(rate, decimals)} fps`;
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
  if (seconds < 45) return t("justNow");
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return words.format(-Math.round(seconds / length), unit);
  }
  return words.format(-1, "minute");
}

/** `24 Nov 2026, 16:03`, in the reader's time zone. */
export function formatMinute(then: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(then);
}

/** `24 Nov`, `24. Nov.`: a day of UTC, as the API writes it. */
export function formatDay(day: string): string {
  const format = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" });
  return format.format(Date.parse(day));
}

/** `24 Nov 2026, 16:03:12`, `24.11.2026, 16:03:12`, in the reader's time zone. */
export function formatExact(then: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(then);
}
