/** One import: fetches its source into parts, as far as it comes, and reports how that ended. */

import type { AllowList } from "@storagex/contract/net/addresses";
import type { ClaimedImport, EndImport } from "@storagex/contract/uploads/imports";
import type { Logger } from "pino";
import type { Resolve } from "../egress/resolve.ts";
import { keepTrying } from "../service/retry.ts";
import type { ImporterApi } from "./api.ts";
import { Gone, ImportFailure, OwnFailure } from "./failure.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { isSameFile, type Known, openSource, type Source } from "./open-source.ts";
import { type Clock, MIN_BYTES, REPORT_MS, TURN_MS } from "./pace.ts";
import { emptyParts, isWhole, type Parts, positionOf, receivedOf, storedParts } from "./parts.ts";
import { putPart } from "./put-part.ts";
import { readSource } from "./read-source.ts";

export type Fetching = {
  api: ImporterApi;
  allow: AllowList;
  clock: Clock;
  log: Logger;
  memory: MemoryBudget;
  resolve?: Resolve;
};

/** The API may be restarting. */
const API_MS = 60_000;
/** After our own failure, before anybody tries again. */
const OWN_WAIT_SECONDS = 30;
const MAX_COMPLETIONS = 5;

/** The hour is over: others that wait come on. */
class Turn extends Error {}

/** Never rejects: an import that is not reported is taken up by whoever finds its lease ended. */
export async function fetchImport(
  claimed: ClaimedImport,
  fetching: Fetching,
  stop: AbortSignal,
): Promise<void> {
  const { videoId, lease } = claimed;
  const { api, log } = fetching;
  const ended = new AbortController();
  const began = fetching.clock.now();
  log.info({ videoId, resumed: claimed.before !== null }, "fetching");
  try {
    await fetchAll(claimed, fetching, AbortSignal.any([stop, ended.signal]), ended);
    log.info({ videoId, ms: Math.round(fetching.clock.now() - began) }, "fetched");
  } catch (error) {
    const why = reasonOf(ended.signal.aborted ? ended.signal.reason : error);
    if (error instanceof Gone || ended.signal.reason instanceof Gone) {
      log.info({ videoId }, "not wanted any more");
      return;
    }
    const end: EndImport = stop.aborted
      ? { why: "handedBack", lease, afterSeconds: 0 }
      : endFor(error, lease);
    log.info({ videoId, ...end, lease: undefined, reason: why }, "not fetched");
    await keepTrying(() => api.end(videoId, end), {
      until: performance.now() + (stop.aborted ? 2_000 : API_MS),
    }).catch(() => log.warn({ videoId }, "the end was not reported"));
  } finally {
    ended.abort();
  }
}

function endFor(error: unknown, lease: string): EndImport {
  if (error instanceof ImportFailure)
    return { why: "failed", lease, code: error.code, retryable: error.retryable };
  return { why: "handedBack", lease, afterSeconds: error instanceof Turn ? 0 : OWN_WAIT_SECONDS };
}

/** Of our own errors the text, of others their kind: it may hold the address. */
const reasonOf = (error: unknown): string =>
  error instanceof ImportFailure || error instanceof OwnFailure || error instanceof Turn
    ? error.message
    : error instanceof Error
      ? error.name
      : "unknown";

async function fetchAll(
  { videoId, lease, url, before }: ClaimedImport,
  { api, allow, clock, memory, resolve }: Fetching,
  signal: AbortSignal,
  ended: AbortController,
): Promise<void> {
  const began = clock.now();
  /** Its part's place in memory, until it ends. */
  let isHeld = false;
  const hold = (bytes: number): void => {
    signal.throwIfAborted();
    if (isHeld) return;
    const release = memory.reserve(bytes);
    if (!release) throw new OwnFailure("others need the memory");
    isHeld = true;
    ended.signal.addEventListener("abort", release, { once: true });
  };
  const ask = async <T extends { outcome: string }>(call: () => Promise<T>) => {
    const answer = await keepTrying(call, { until: performance.now() + API_MS, signal });
    if (answer.outcome === "gone") throw new Gone();
    return answer as Exclude<T, { outcome: "gone" }>;
  };
  let parts: Parts | undefined = before ? storedParts(before) : undefined;
  let hasBegun = false;

  // The API looks for parts once a second at most: what it may have missed is asked for again, twice.
  let looks = 0;
  const report = async (): Promise<void> => {
    for (;;) {
      await clock.wait(REPORT_MS, signal);
      if (signal.aborted) return;
      const received = parts ? receivedOf(parts) : 0;
      // A call that fails is made again by the next; who has lost the lease learns it from any.
      const stored = looks > 0;
      looks = Math.max(0, looks - 1);
      const answer = await api.advance(videoId, { lease, received, stored }).catch(() => undefined);
      if (answer?.outcome === "gone") ended.abort(new Gone());
      if (parts && stored && answer?.outcome === "held") parts.wanted = answer.wanted;
    }
  };
  void report();

  const store = async (of: Parts): Promise<void> => {
    const { number } = of;
    const urlOf = async () => {
      const { parts: urls } = await ask(() =>
        api.advance(videoId, { lease, received: receivedOf(of), parts: [number] }),
      );
      const [granted] = urls;
      if (!granted) throw new OwnFailure("no URL of a part");
      return granted.url;
    };
    await putPart(of.pieces, urlOf, { clock, signal });
    of.stored.add(number);
    of.pieces = [];
    of.filled = 0;
    looks = 2;
    const received = receivedOf(of);
    of.wanted = (await ask(() => api.advance(videoId, { lease, received, stored: true }))).wanted;
  };

  /** The parts to fill from `source`: those that there are, or none where it is another file. */
  const partsFor = async (source: Source, known: Known | null): Promise<Parts> => {
    if (parts && known && (source.at > 0 || isSameFile(source, known))) {
      hold(parts.partSize);
      return parts;
    }
    if (source.at > 0) throw new OwnFailure("the rest of nothing");
    if (hasBegun) throw new ImportFailure("import.interrupted", "cannot be continued", { retryable: true });
    hasBegun = true;
    const { size, validator } = source;
    const { partSize } = await ask(() => api.begin(videoId, { lease, size, validator }));
    hold(partSize);
    return emptyParts(source, partSize);
  };

  /** The address ended where it wanted to. */
  const end = async (of: Parts): Promise<void> => {
    const size = positionOf(of);
    const received = receivedOf(of);
    await ask(() => api.advance(videoId, { lease, received, size }));
    of.size = size;
    if (of.filled > 0) await store(of);
  };

  for (let completions = 0; ; ) {
    if (parts && isWhole(parts)) {
      const done = await ask(() => api.complete(videoId, lease));
      if (done.outcome === "done") return;
      completions += 1;
      if (completions === MAX_COMPLETIONS) throw new OwnFailure("parts are lost again and again");
      for (const number of done.parts) parts.stored.delete(number);
      parts.number = done.parts[0] ?? 1;
    }
    const known: Known | null = parts?.validator
      ? { from: positionOf(parts), size: parts.size, validator: parts.validator }
      : null;
    const source = await openSource({ url, allow, clock, signal, resolve }, known);
    try {
      parts = await partsFor(source, known);
    } catch (error) {
      source.answer.destroy();
      throw error;
    }
    const had = receivedOf(parts);
    const isOver = () => clock.now() - began > TURN_MS;
    const reading = await readSource(source, parts, { clock, signal, store, isOver });
    if (reading === "ended") await end(parts);
    if (reading === "turn") throw new Turn("an hour is over");
    if (reading === "cut" && receivedOf(parts) - had < MIN_BYTES)
      throw new ImportFailure("import.interrupted", "cut off", { retryable: true });
  }
}
