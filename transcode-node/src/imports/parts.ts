/** What has come of a source: parts that are stored, and the one that is being filled. Sizes in bytes. */
import type { ClaimedImport, Validator } from "@storagex/contract/uploads/imports";
import { partCountOf, partLength } from "@storagex/contract/uploads/upload-parts";
import type { Source } from "./open-source.ts";

export type Parts = {
  /** Null while nobody knows it. */
  size: number | null;
  partSize: number;
  validator: Validator | null;
  stored: Set<number>;
  /** Of the part that is being filled, and its bytes so far. */
  number: number;
  pieces: Buffer[];
  filled: number;
  /** Parts that help most, as the API last said. */
  wanted: number[];
  hasRanges: boolean;
};

/** Nothing is stored yet. */
export const emptyParts = ({ size, validator, hasRanges }: Source, partSize: number): Parts => ({
  size,
  partSize,
  validator,
  hasRanges,
  stored: new Set(),
  number: 1,
  pieces: [],
  filled: 0,
  wanted: [],
});

/** As another importer, or this one, left it. */
export function storedParts({
  size,
  partSize,
  validator,
  stored,
}: NonNullable<ClaimedImport["before"]>): Parts {
  const parts: Parts = {
    size,
    partSize,
    validator,
    stored: new Set(stored),
    number: 1,
    pieces: [],
    filled: 0,
    wanted: [],
    hasRanges: true,
  };
  parts.number = nextPart(parts) ?? 1;
  return parts;
}

const countOf = ({ size, partSize }: Parts) => (size === null ? Infinity : partCountOf({ size, partSize }));

/** Of part `number`; that of all but the last where the whole is unknown. */
export const lengthOf = ({ size, partSize }: Parts, number: number): number =>
  size === null ? partSize : partLength({ size, partSize }, number);

/** The first byte that is missing of the part that is being filled. */
export const positionOf = ({ number, partSize, filled }: Parts): number => (number - 1) * partSize + filled;

export const receivedOf = (parts: Parts): number =>
  [...parts.stored].reduce((sum, number) => sum + lengthOf(parts, number), parts.filled);

export const isWhole = (parts: Parts): boolean => parts.size !== null && parts.stored.size >= countOf(parts);

/** Further ahead than this a wanted part is fetched at once; nearer, it comes soon anyway. */
const SOON = 3;

/** The part to fetch after `number`, or first; undefined where none is missing. */
export function nextPart(parts: Parts): number | undefined {
  const { stored, number, wanted } = parts;
  const count = countOf(parts);
  const isMissing = (part: number) => part <= count && !stored.has(part);
  const following = isMissing(number) ? number : isMissing(number + 1) ? number + 1 : undefined;
  const soonest = canJump(parts) ? wanted.find(isMissing) : undefined;
  const isSoon = soonest !== undefined && soonest >= number && soonest <= number + SOON;
  if (soonest !== undefined && !(isSoon && following !== undefined)) return soonest;
  return following ?? firstMissing(parts);
}

export const canJump = ({ hasRanges, validator, size }: Parts): boolean =>
  hasRanges && validator !== null && size !== null;

function firstMissing(parts: Parts): number | undefined {
  const count = countOf(parts);
  for (let part = 1; part <= count; part += 1) if (!parts.stored.has(part)) return part;
  return undefined;
}
