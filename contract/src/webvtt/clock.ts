/** Times in WebVTT's form; always with hours, so that no reader has to guess. */

/** `seconds` as `00:00:01.000`. */
export function vttClock(seconds: number): string {
  const thousandths = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const clock = [thousandths / 3_600_000, (thousandths / 60_000) % 60, (thousandths / 1000) % 60];
  return `${clock.map(two).join(":")}.${String(thousandths % 1000).padStart(3, "0")}`;
}
