/** What differs between the two ways in which parts are stored. */

export const MIB = 1024 * 1024;

/** The part size of a small file, and the number of parts of 40 MiB: the last one has 8 MiB. */
export type Mode = { inObjects: boolean; partSize: number; partCount: number };

export const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
