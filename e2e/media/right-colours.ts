/** Colour arithmetic from the standards' own numbers, for tests: independent of FFmpeg and of the product. */

/** 0–255, as on a screen. */
export type Rgb = readonly [number, number, number];
type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/**
 * Chromaticities (x, y) of red, green and blue; all have the white point D65 (BT.709, SMPTE EG 432-1,
 * BT.2020, BT.470 B/G, SMPTE 170M).
 */
const PRIMARIES = {
  bt709: [
    [0.64, 0.33],
    [0.3, 0.6],
    [0.15, 0.06],
  ],
  p3: [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
  ],
  bt2020: [
    [0.708, 0.292],
    [0.17, 0.797],
    [0.131, 0.046],
  ],
  bt470bg: [
    [0.64, 0.33],
    [0.29, 0.6],
    [0.15, 0.06],
  ],
  smpte170m: [
    [0.63, 0.34],
    [0.31, 0.595],
    [0.155, 0.07],
  ],
} as const;
export type Primaries = keyof typeof PRIMARIES;
const D65 = [0.3127, 0.329] as const;

const times = (matrix: Matrix, [a, b, c]: Vector): Vector => {
  const row = ([x, y, z]: Vector) => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** By Cramer's rule. */
function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const by = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / by, (c * h - b * i) / by, (b * f - c * e) / by],
    [(f * g - d * i) / by, (a * i - c * g) / by, (c * d - a * f) / by],
    [(d * h - e * g) / by, (b * g - a * h) / by, (a * e - b * d) / by],
  ];
}

const xyz = ([x, y]: readonly [number, number]): Vector => [x / y, 1, (1 - x - y) / y];

/** Linear RGB to CIE XYZ (SMPTE RP 177). */
function toXyz(primaries: Primaries): Matrix {
  const [r, g, b] = PRIMARIES[primaries];
  const [red, green, blue] = [xyz(r), xyz(g), xyz(b)];
  const columns: Matrix = [
    [red[0], green[0], blue[0]],
    [red[1], green[1], blue[1]],
    [red[2], green[2], blue[2]],
  ];
  const [s, t, u] = times(inverse(columns), xyz(D65));
  const scaled = ([x, y, z]: Vector): Vector => [x * s, y * t, z * u];
  return [scaled(columns[0]), scaled(columns[1]), scaled(columns[2])];
}

/** The reference display's curve (ITU-R BT.1886). */
const GAMMA = 2.4;
const each = (colour: Rgb, act: (value: number) => number): Rgb => [
  act(colour[0]),
  act(colour[1]),
  act(colour[2]),
];

/**
 * What a BT.709 screen must be given to show `colour` of `primaries`; colours that it cannot show are
 * clipped.
 */
export function asBt709(colour: Rgb, primaries: Primaries): Rgb {
  const light = each(colour, (value) => (value / 255) ** GAMMA);
  const shown = times(inverse(toXyz("bt709")), times(toXyz(primaries), light));
  return each(shown, (value) => 255 * Math.min(1, Math.max(0, value)) ** (1 / GAMMA));
}

/** Weights of red and blue in luma (BT.601, BT.709, BT.2020). */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] } as const;

/** `colour` as 8-bit Y′CbCr. */
export function codedAs(colour: Rgb, coding: { matrix: keyof typeof WEIGHTS; range: "tv" | "pc" }): Rgb {
  const [kr, kb] = WEIGHTS[coding.matrix];
  const [r, g, b] = each(colour, (value) => value / 255);
  const luma = kr * r + (1 - kr - kb) * g + kb * b;
  const [cb, cr] = [(b - luma) / (2 * (1 - kb)), (r - luma) / (2 * (1 - kr))];
  const [black, lumas, chromas] = coding.range === "tv" ? [16, 219, 224] : [0, 255, 255];
  return each([black + lumas * luma, 128 + chromas * cb, 128 + chromas * cr], (value) =>
    Math.min(255, Math.max(0, Math.round(value))),
  );
}
