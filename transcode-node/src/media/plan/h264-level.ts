/**
 * H.264 levels (ITU-T H.264, table A-1): the smallest one that fits a rung, fixed so that a chunk's init
 * segment never depends on its content.
 */

/**
 * Level, macroblocks a second, macroblocks a frame, decoded picture buffer in macroblocks, bits a second of
 * High profile.
 */
const LEVELS = [
  ["3.0", 40_500, 1_620, 8_100, 12_500_000],
  ["3.1", 108_000, 3_600, 18_000, 17_500_000],
  ["3.2", 216_000, 5_120, 20_480, 25_000_000],
  ["4.0", 245_760, 8_192, 32_768, 25_000_000],
  ["4.2", 522_240, 8_704, 34_816, 62_500_000],
  ["5.0", 589_824, 22_080, 110_400, 168_750_000],
  ["5.1", 983_040, 36_864, 184_320, 300_000_000],
  ["5.2", 2_073_600, 36_864, 184_320, 300_000_000],
  ["6.1", 8_355_840, 139_264, 696_320, 600_000_000],
  ["6.2", 16_711_680, 139_264, 696_320, 800_000_000],
] as const;

/** Max reference frames that the presets use. */
const REFERENCES = 4;

/** `-level:v` for a rung of `width` × `height` pixels at `frameRate` and `maxrate` (bits per second). */
export function levelFor(rung: {
  width: number;
  height: number;
  frameRate: number;
  maxrate: number;
}): string {
  const blocks = Math.ceil(rung.width / 16) * Math.ceil(rung.height / 16);
  const found = LEVELS.find(
    ([, perSecond, perPicture, buffer, bits]) =>
      blocks * rung.frameRate <= perSecond &&
      blocks <= perPicture &&
      blocks * REFERENCES <= buffer &&
      2 * rung.maxrate <= bits,
  );
  return found?.[0] ?? "6.2";
}

/** A level as the bitstream and the devices number it: `3.1` is 31. */
export const levelNumber = (level: string): number => Math.round(10 * Number(level));
