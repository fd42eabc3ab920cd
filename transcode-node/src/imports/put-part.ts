/** Sends a part to the object store, by a URL that is signed for it alone. */
import { Readable } from "node:stream";
import { OwnFailure } from "./failure.ts";
import type { Clock } from "./pace.ts";

const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Timeout of one PUT in milliseconds: five minutes, plus the time at 2 Mbit/s. */
const patience = (size: number) => 300_000 + Math.ceil(size / 250);

/**
 * Sends what `pieces` hold together to what `urlOf` returns, which is asked anew for each try. Rejects with OwnFailure, what `urlOf`
 * rejects with, or the signal's reason.
 */
export async function putPart(
  pieces: readonly Buffer[],
  urlOf: () => Promise<string>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const why = await put(pieces, await urlOf(), { clock, signal });
    signal.throwIfAborted();
    if (why === undefined) return;
    if (tried === TRIES) throw new OwnFailure(`the store took no part: ${why}`);
    await clock.wait(FIRST_WAIT_MS * 4 ** (tried - 1), signal);
  }
}

/** Why it was not stored; undefined if it was. */
async function put(
  pieces: readonly Buffer[],
  url: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<string | undefined> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const [over, late] = [new AbortController(), new AbortController()];
  void clock.wait(patience(size), AbortSignal.any([over.signal, signal])).then(() => {
    if (!over.signal.aborted) late.abort(new Error("took no part in time"));
  });
  const request = {
    method: "PUT",
    // Piece by piece: put together, the part would be in memory twice.
    body: Readable.toWeb(Readable.from(pieces)),
    // Its URL is signed for its length, which a stream does not say by itself.
    headers: { "content-length": String(size) },
    duplex: "half",
    redirect: "error",
    signal: AbortSignal.any([late.signal, signal]),
  };
  try {
    const answer = await fetch(url, request as RequestInit);
    await answer.body?.cancel();
    return answer.ok ? undefined : `status ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : "no answer";
  } finally {
    over.abort();
  }
}
