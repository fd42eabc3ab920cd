/** Generated requests against a running API, from a seed. */
import fc from "fast-check";
import type { Edge } from "../support/harness.ts";
import { readDocument } from "./document.ts";
import { requests } from "./inputs.ts";
import { type Sent, send } from "./send.ts";
import { makeWorld } from "./world.ts";

export type FuzzOptions = { count: number; seed: number };
/** Requests sent, and the share of the document's operations that passed at least once. */
export type Fuzzed = { sent: number; passed: number };

/** So many are sent side by side. */
const AT_ONCE = 20;

/**
 * Sends about `count` requests. Throws, with the seed and the requests, where an answer is not as `/openapi.json`
 * says, is a 5xx, or shows what is another's; and where anything of another's is changed afterwards.
 */
export async function fuzzApi(edge: Edge, { count, seed }: FuzzOptions): Promise<Fuzzed> {
  const document = await readDocument(edge.url);
  const world = await makeWorld(edge);
  const callers = world.callers.flatMap(({ calls = 1 }, at) => Array<number>(calls).fill(at));
  const before = JSON.stringify(await world.ofVictim());
  const sent: Sent[] = [];
  // Not shrunk: what a request does depends on those before it, and the error shows the one that failed.
  const { errorInstance } = await fc.check(
    fc.asyncProperty(
      fc.array(requests(document, callers), { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (batch) => {
        await world.renew();
        const ended = await Promise.allSettled(batch.map((drawn) => send(edge.url, document, world, drawn)));
        for (const each of ended) {
          if (each.status === "rejected") throw each.reason;
          sent.push(each.value);
        }
      },
    ),
    { numRuns: Math.ceil(count / AT_ONCE), seed, endOnFailure: true },
  );
  if (errorInstance instanceof Error)
    throw new Error(`seed ${seed}, after ${sent.length} requests: ${errorInstance.message}`);
  const after = JSON.stringify(await world.ofVictim());
  if (after !== before) throw new Error(`what is another's has changed:\n${before}\n${after}`);
  const { size } = new Set(sent.filter(({ status }) => status < 300).map(({ operation }) => operation));
  return { sent: sent.length, passed: size / document.operations.length };
}
