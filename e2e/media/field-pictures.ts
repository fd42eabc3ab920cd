/**
 * H.264 with field pictures (each field is coded as a picture of its own), as DVB and AVCHD send it. FFmpeg
 * has no encoder for this; here each macroblock holds its raw samples (I_PCM), so that writing one needs no
 * encoder. ITU-T H.264, 7.3.
 */

/** Bits of a NAL unit, most significant first. */
class Bits {
  #bytes: number[] = [];
  #held = 0;
  #count = 0;

  /** `value` in `bits` bits. */
  u(value: number, bits: number): this {
    for (let n = bits - 1; n >= 0; n--) {
      this.#held = this.#held * 2 + (Math.floor(value / 2 ** n) % 2);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#held);
      [this.#held, this.#count] = [0, 0];
    }
    return this;
  }

  /** Exponential Golomb code (9.1). */
  ue(value: number): this {
    const bits = Math.floor(Math.log2(value + 1));
    return this.u(0, bits).u(value + 1, bits + 1);
  }

  /** Zeros up to the next whole byte, then bytes. */
  samples(bytes: readonly number[]): this {
    if (this.#count > 0) this.u(0, 8 - this.#count);
    this.#bytes.push(...bytes);
    return this;
  }

  /**
   * The NAL unit with its start code: a stop bit at its end, and bytes that prevent start codes inside it
   * (7.4.1).
   */
  unit(reference: number, type: number): Buffer {
    this.u(1, 1).samples([]);
    const escaped: number[] = [];
    let zeros = 0;
    for (const byte of this.#bytes) {
      if (zeros >= 2 && byte <= 3) {
        escaped.push(3);
        zeros = 0;
      }
      escaped.push(byte);
      zeros = byte === 0 ? zeros + 1 : 0;
    }
    return Buffer.from([0, 0, 0, 1, reference * 32 + type, ...escaped]);
  }
}

const FRAMES_A_SECOND = 25;
/** Macroblocks: 160 x 96 pixels; each field has every other line. */
const [WIDE, HIGH] = [10, 3];
const KEYFRAME_EVERY = 25;

/** Interlaced, with a clock of two ticks per frame. */
const sequence = () =>
  new Bits()
    .u(77, 8)
    .u(0, 8)
    .u(21, 8)
    // Frame number and picture order count of eight bits each; one reference frame.
    .ue(0)
    .ue(4)
    .ue(0)
    .ue(4)
    .ue(1)
    .u(0, 1)
    .ue(WIDE - 1)
    .ue(HIGH - 1)
    // frame_mbs_only_flag 0: fields; no adaptive frame/field coding; direct_8x8_inference; no cropping.
    .u(0b0010, 4)
    // VUI with only the clock.
    .u(1, 1)
    .u(0b0000, 4)
    .u(1, 1)
    .u(1, 32)
    .u(2 * FRAMES_A_SECOND, 32)
    .u(1, 1)
    .u(0b000, 3)
    // Output order is decoding order.
    .u(0b11, 2)
    .ue(0)
    .ue(0)
    .ue(10)
    .ue(10)
    .ue(0)
    .ue(1)
    .unit(3, 7);

const parameters = () =>
  new Bits().ue(0).ue(0).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).ue(0).ue(0).ue(0).u(0b100, 3).unit(3, 8);

/** Waves that move evenly, as they are at `seconds` on the lines of one field. */
function macroblock(column: number, row: number, seconds: number): number[] {
  const bytes: number[] = [];
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) {
      const wave = 100 * Math.sin((16 * column + x + 300 * seconds) / 14);
      bytes.push(Math.round(128 + wave + 20 * Math.sin((2 * (16 * row + y)) / 40)));
    }
  }
  return [...bytes, ...Array<number>(128).fill(128)];
}

/** One field: `n` counts fields, even ones are the top ones and come first. */
function field(n: number): Buffer {
  const frame = Math.floor(n / 2);
  const isBottom = n % 2;
  const sinceKey = frame % KEYFRAME_EVERY;
  // Only the first field of a keyframe is an IDR picture.
  const isKey = sinceKey === 0 && isBottom === 0;
  const bits = new Bits().ue(0).ue(7).ue(0).u(sinceKey, 8).u(1, 1).u(isBottom, 1);
  if (isKey) bits.ue((frame / KEYFRAME_EVERY) % 2);
  bits.u(2 * sinceKey + isBottom, 8);
  bits
    .u(0, isKey ? 2 : 1)
    .ue(0)
    .ue(1);
  for (let row = 0; row < HIGH; row++)
    for (let column = 0; column < WIDE; column++)
      bits.ue(25).samples(macroblock(column, row, n / (2 * FRAMES_A_SECOND)));
  const picture = bits.unit(3, isKey ? 5 : 1);
  return isKey ? Buffer.concat([sequence(), parameters(), picture]) : picture;
}

/** An H.264 byte stream of 25 frames per second, each of two field pictures that are 1/50 second apart. */
export const fieldPictures = (frames: number): Buffer =>
  Buffer.concat(Array.from({ length: 2 * frames }, (_, n) => field(n)));
