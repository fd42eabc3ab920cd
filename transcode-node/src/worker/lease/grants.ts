/**
 * Read grants of one lease (its source, `finish`'s inputs): kept fresh by the responses to progress reports.
 */

import type { ReadGrant } from "@storagex/contract/tasks/grants";
import type { Lease } from "@storagex/contract/tasks/lease";
import type { FinishInput, HeldAnswer } from "../../steps/step.ts";
import type { Renewable } from "../../transfer/object-read.ts";
import type { PartSpan } from "./lease.ts";
import { partReads } from "./part-reads.ts";

const RENEW_BEFORE_MS = 15 * 60_000;
/** With a clock that runs ahead every grant looks expired: one request in this interval is enough then. */
const MIN_ASK_INTERVAL_MS = 10_000;

export type Grants = {
  source: Renewable;
  inputs: Record<FinishInput, Renewable[]>;
  /** Stores the grants of a progress response. */
  take(answer: HeldAnswer): void;
  /** True when the next report should request fresh URLs: well before the first of them expires. */
  due(): boolean;
};

type Inputs = Record<FinishInput, ReadGrant[]>;

function inputsOf(lease: Lease): Inputs {
  if (lease.kind !== "finish") return { video: [], audio: [], overview: [], samples: [] };
  const { video, audio, overview, samples } = lease.inputs;
  return { video, audio, overview, samples: samples.flatMap(({ renditions }) => renditions) };
}

/** Sends a report that requests grants; resolves after `take` received its response. */
export type Ask = (extra: { renew?: boolean; sourceParts?: number[] }) => Promise<HeldAnswer>;

/** `giveBack` returns the task until the parts `span` have arrived; it throws. */
export function makeGrants(lease: Lease, ask: Ask, giveBack: (span: PartSpan) => never): Grants {
  let source = lease.source;
  let inputs = inputsOf(lease);
  let received = Date.now();
  let asked = Date.now();
  let pending: Promise<unknown> | null = null;

  /** The grants of many readers may expire at once: one report renews them all. */
  const renewOnce = async () => {
    pending ??= ask({ renew: true }).finally(() => {
      pending = null;
    });
    await pending;
  };
  const renewable = <G extends ReadGrant>(current: () => G | undefined) => {
    const now = () => {
      const grant = current();
      if (!grant) throw new Error("the answer to a progress report left out an input");
      return grant;
    };
    return {
      current: now,
      async renew() {
        await renewOnce();
        return now();
      },
    };
  };

  const allOf = (input: FinishInput) =>
    inputs[input].map((_, index) => renewable(() => inputs[input][index]));

  const parts = lease.source.parts && partReads(lease, ask, giveBack);
  return {
    source: { ...renewable(() => source), parts },
    inputs: {
      video: allOf("video"),
      audio: allOf("audio"),
      overview: allOf("overview"),
      samples: allOf("samples"),
    },
    take(answer) {
      if (!answer.source && !answer.inputs) return;
      source = answer.source ?? source;
      inputs = answer.inputs ?? inputs;
      received = Date.now();
    },
    due() {
      const held = [source, ...Object.values(inputs).flat()];
      const first = Math.min(...held.map((grant) => Date.parse(grant.expiresAt)));
      const margin = Math.min(RENEW_BEFORE_MS, (first - received) / 2);
      if (Date.now() < first - margin || Date.now() < asked + MIN_ASK_INTERVAL_MS) return false;
      asked = Date.now();
      return true;
    },
  };
}
