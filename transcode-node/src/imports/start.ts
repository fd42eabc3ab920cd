/** Takes imports from the API and fetches them side by side, until it is stopped. */
import type { ClaimedImport } from "@storagex/contract/uploads/imports";
import { type Fetching, fetchImport } from "./fetch-import.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** Each holds one part in memory: 8 MiB of most files, 50 of those that do not say how long they are. */
const MAX_AT_ONCE = 8;
/** Parts are larger where the limit of a file is: 500 MiB of 5 TB. Bytes of all imports together. */
const MAX_MEMORY = 512 * 1024 * 1024;
/** Between two questions for work. */
const ASK_MS = 2_000;
/** Without an answer of the API for so long, something is wrong. */
const STANDING_MS = 30_000;

/** `standing` is whether the API answers. `stop` ends when what was being fetched is handed back. */
export function startImporter(given: Omit<Fetching, "memory">): {
  standing(): boolean;
  stop(): Promise<void>;
} {
  const memory = new MemoryBudget(MAX_MEMORY);
  const fetching: Fetching = { ...given, memory };
  const { api, clock, log } = fetching;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let answeredAt = -Infinity;

  async function claim(): Promise<ClaimedImport | undefined> {
    try {
      const claimed = await api.claim();
      if (answeredAt === -Infinity) log.info("ready");
      answeredAt = clock.now();
      return claimed.outcome === "leased" ? claimed : undefined;
    } catch (error) {
      log.warn({ reason: String(error) }, "the API gave no answer");
      return undefined;
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const claimed = running.size < MAX_AT_ONCE && memory.hasLeft ? await claim() : undefined;
      if (claimed) {
        const fetched = fetchImport(claimed, fetching, stopping.signal);
        running.add(fetched);
        void fetched.finally(() => running.delete(fetched));
      } else await clock.wait(ASK_MS, stopping.signal);
    }
  }
  const working = work();

  return {
    standing: () => running.size >= MAX_AT_ONCE || !memory.hasLeft || clock.now() - answeredAt < STANDING_MS,
    async stop() {
      stopping.abort();
      await working;
      await Promise.allSettled(running);
    },
  };
}
