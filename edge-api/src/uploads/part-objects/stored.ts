/** Lists the part objects of a source. */
import { partKey, partNumberOf, partsPrefix } from "@storagex/contract/keys";
import { type PartLayout, partCountOf } from "@storagex/contract/uploads/upload-parts";
import type { Edge } from "../../context.ts";
import { type StoredPart, storageOf } from "../../storage/s3.ts";

/** Missing parts for each of which storage is asked once more. */
const MAX_ASKED = 20;

type Source = PartLayout & { id: string; ownerId: string };

/** The stored parts after part `after`, in order. */
export async function listParts(edge: Edge, source: Source, after = 0): Promise<StoredPart[]> {
  const { ownerId, id } = source;
  const storage = storageOf(edge.config);
  const count = partCountOf(source);
  const parts: StoredPart[] = [];
  let from = after > 0 ? partKey(ownerId, id, after) : undefined;
  do {
    const { objects, next } = await storage.list(partsPrefix(ownerId, id), from);
    for (const { key, size, etag } of objects) {
      const partNumber = partNumberOf(key);
      if (partNumber !== null && partNumber >= 1 && partNumber <= count)
        parts.push({ partNumber, size, etag });
    }
    from = next;
  } while (from !== undefined);
  return parts;
}

/** All stored parts in order. A few that a listing misses are asked for one by one: listings may lag. */
export async function storedObjects(edge: Edge, source: Source): Promise<StoredPart[]> {
  const listed = await listParts(edge, source);
  const known = new Set(listed.map(({ partNumber }) => partNumber));
  const numbers = Array.from({ length: partCountOf(source) }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !known.has(number));
  if (listed.length === 0 || missing.length > MAX_ASKED) return listed;
  const asked = await Promise.all(
    missing.map(async (partNumber) => {
      const head = await storageOf(edge.config).head(partKey(source.ownerId, source.id, partNumber));
      return head ? [{ partNumber, ...head }] : [];
    }),
  );
  return [...listed, ...asked.flat()].sort((a, b) => a.partNumber - b.partNumber);
}
