/** Reads a source by its parts while it is uploaded: asks the API which have arrived, and decides how long to wait. */

import type { PartGrant } from "@storagex/contract/tasks/grants";
import type { TaskKind } from "@storagex/contract/tasks/kinds";
import type { Lease } from "@storagex/contract/tasks/lease";
import { partCountOf } from "@storagex/contract/uploads/upload-parts";
import type { PartReads } from "../../transfer/object-read.ts";
import type { Ask } from "./grants.ts";
import type { PartSpan } from "./lease.ts";

/** Parts to ask for at a time: files are mostly read from their beginning to their end. */
const AHEAD = 8;
/** Max parts in one report. */
const MAX_ASKED = 32;

/**
 * Milliseconds that a task waits for a part: `sought` where its bytes are wanted, `ahead` where only those before
 * them surely are (FFmpeg reads on until it closes the file). Audio follows the upload and holds no place
 * meanwhile. A chunk has what its plan names, so what lies behind is read ahead: FFmpeg asks again, for exactly
 * these bytes, if it is not.
 */
const PATIENCE: Readonly<Record<TaskKind, { sought: number; ahead: number }>> = {
  plan: { sought: 0, ahead: 5_000 },
  encode: { sought: 0, ahead: Number.POSITIVE_INFINITY },
  audio: { sought: 60_000, ahead: 60_000 },
  finish: { sought: 0, ahead: 5_000 },
  poster: { sought: 0, ahead: 5_000 },
};

/** The parts of the lease's source. `giveBack` throws. */
export function partReads(
  lease: Pick<Lease, "kind" | "source">,
  ask: Ask,
  giveBack: (span: PartSpan) => never,
): PartReads {
  const { size, parts } = lease.source;
  const count = partCountOf({ size, partSize: parts?.partSize ?? size });
  const known = new Map<number, PartGrant>();
  const { sought, ahead } = PATIENCE[lease.kind];

  const askFrom = async (number: number, ahead = AHEAD): Promise<void> => {
    const numbers = Array.from({ length: Math.min(ahead, count - number + 1) }, (_, n) => number + n);
    const { sourceParts } = await ask({
      sourceParts: numbers.filter((each) => each === number || !known.has(each)),
    });
    for (const grant of sourceParts) known.set(grant.partNumber, grant);
  };

  const current = (number: number): PartGrant => {
    const grant = known.get(number);
    if (!grant) throw new Error(`the answer to a report left out part ${number}`);
    return grant;
  };

  return {
    async find(number) {
      if (!known.has(number)) await askFrom(number);
      if (!known.has(number)) return null;
      return {
        current: () => current(number),
        renew: async () => {
          await askFrom(number);
          return current(number);
        },
      };
    },
    missing(number, ms, isSought) {
      if (ms >= (isSought ? sought : ahead)) giveBack({ from: number, to: number });
    },
    async requireWhole() {
      for (let number = 1; number <= count; number += MAX_ASKED) {
        await askFrom(number, MAX_ASKED);
        const last = Math.min(count, number + MAX_ASKED - 1);
        for (let each = number; each <= last; each += 1)
          if (!known.has(each)) giveBack({ from: 1, to: count });
      }
    },
  };
}
