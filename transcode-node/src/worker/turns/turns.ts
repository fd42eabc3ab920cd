/**
 * Shares the machine's cores and memory among the tasks of one worker: which are stopped, wait, or are handed
 * back.
 */
import type { Logger } from "pino";
import type { TaskProcesses } from "../../media/run/task-processes.ts";
import { age, type Claimant, newClaimant, type Rank, settle } from "./precedence.ts";

const ORDER: Readonly<Record<Rank, number>> = { express: 0, short: 1, bulk: 2 };

const TICK_MS = 1_000;
/** Seconds of running after which an express task gets the rank `short`. */
const MAX_EXPRESS_SECONDS = 20;

/**
 * Milliseconds between two times that all of a lower rank is handed back. Where memory holds only one task, a
 * film would otherwise lose its chunk to every clip, and never end.
 */
const SPARED_MS = 600_000;

/** A task that takes part. */
export type Entry = {
  rank: Rank;
  /** As of a claimant. */
  isLight: boolean;
  /** Max bytes that its processes use. */
  memory: number;
  processes: TaskProcesses;
  /** It took too long for express: others of its lane may start meanwhile. */
  onOvertime(): void;
  /** A task of a better rank needs its memory: it must hand its task back. */
  onCrowded(): void;
  signal: AbortSignal;
};

export type Turn = {
  /** Takes a lower rank for the rest, which is light. */
  lower(rank: Rank): void;
  leave(): void;
};

export type Turns = {
  /** Resolves when there is memory for it. Rejects with the signal's reason. */
  enter(entry: Entry): Promise<Turn>;
  /** Tasks that are stopped now. */
  stopped(): number;
  /** How many tasks take part, by rank; what stops nobody counts as bulk. */
  ranks(): Record<Rank, number>;
  /** Called after each change of that. */
  onRanks(listener: () => void): void;
  /** Tasks of the machine's other workers: they are as good as ours of the same rank. */
  setNeighbours(running: Readonly<Record<Exclude<Rank, "bulk">, number>>): void;
};

type Inside = { entry: Entry; claimant: Claimant; expressSeconds: number; isLeaving: boolean };
type Waiting = { entry: Entry; admit(): void };

/**
 * Turns on a machine with `places` (`placesFor`) and bytes of `memory`. `tick` advances the time (seconds
 * passed), once a second where no test calls it.
 */
export function makeTurns(options: { places: number; memory: number; log: Logger }): Turns & {
  tick(seconds: number): void;
} {
  const { places, memory, log } = options;
  const inside: Inside[] = [];
  const waiting: Waiting[] = [];
  let neighbours: Claimant[] = [];
  let listener: () => void = () => undefined;
  let timer: NodeJS.Timeout | null = null;
  let last = 0;
  let emptiedAt = Number.NEGATIVE_INFINITY;

  function apply(): void {
    settle([...neighbours, ...inside.map(({ claimant }) => claimant)], places);
    for (const { claimant, entry } of inside) {
      if (claimant.isStopped) entry.processes.stop();
      else entry.processes.continue();
    }
  }

  function tick(seconds: number): void {
    for (const each of inside) {
      age(each.claimant, seconds);
      if (each.claimant.rank !== "express") continue;
      each.expressSeconds += seconds;
      if (each.expressSeconds < MAX_EXPRESS_SECONDS) continue;
      each.claimant.rank = "short";
      each.entry.onOvertime();
    }
    apply();
  }

  /** Counts the time since the last change before the next change. */
  function change(act: () => void): void {
    const now = performance.now();
    if (inside.length > 0) tick((now - last) / 1000);
    last = now;
    const before = String(Object.values(ranks()));
    act();
    admitAll();
    apply();
    if (String(Object.values(ranks())) !== before) listener();
    if (inside.length > 0) timer ??= setInterval(() => change(() => undefined), TICK_MS).unref();
    else if (timer) {
      clearInterval(timer);
      timer = null;
    }
  }

  const ranks = () => {
    const of = (rank: Rank) =>
      inside.filter(({ claimant }) => claimant.rank === rank && !claimant.isLight).length;
    const [express, short] = [of("express"), of("short")];
    return { express, short, bulk: inside.length - express - short };
  };

  const sum = (all: readonly Inside[]) => all.reduce((bytes, { entry }) => bytes + entry.memory, 0);
  const isBelow = (rank: Rank) => (each: Inside) => ORDER[each.claimant.rank] > ORDER[rank];

  /**
   * The best rank first, and no task overtakes a waiting one, which would otherwise wait for ever. A single
   * task is admitted whatever memory it needs.
   */
  function admitAll(): void {
    for (;;) {
      const next = waiting.toSorted((a, b) => ORDER[a.entry.rank] - ORDER[b.entry.rank])[0];
      if (!next) return;
      const missing = sum(inside) + next.entry.memory - memory;
      if (missing > 0 && inside.length > 0) {
        makeRoom(next.entry, missing);
        return;
      }
      waiting.splice(waiting.indexOf(next), 1);
      inside.push({
        entry: next.entry,
        claimant: newClaimant(next.entry.rank, next.entry.isLight),
        expressSeconds: 0,
        isLeaving: false,
      });
      next.admit();
    }
  }

  /**
   * Hands back tasks of a lower rank, the latest first, where that is enough. The last of them is spared where
   * one was lately handed back in the same way: the better task then waits for its end.
   */
  function makeRoom(entry: Entry, missing: number): void {
    const lower = inside.filter(isBelow(entry.rank));
    if (sum(lower) < missing) return;
    let leaving = sum(lower.filter(({ isLeaving }) => isLeaving));
    for (const each of lower.toReversed()) {
      if (leaving >= missing) return;
      if (each.isLeaving) continue;
      const isLast = lower.every((other) => other === each || other.isLeaving);
      if (isLast && performance.now() - emptiedAt < SPARED_MS) return;
      if (isLast) emptiedAt = performance.now();
      each.isLeaving = true;
      leaving += each.entry.memory;
      log.info(
        { memory: each.entry.memory },
        "handed back: its memory is needed for what somebody waits for",
      );
      each.entry.onCrowded();
    }
  }

  return {
    tick,
    stopped: () => inside.filter(({ claimant }) => claimant.isStopped).length,
    ranks,
    onRanks: (called) => {
      listener = called;
    },
    setNeighbours: ({ express, short }) =>
      change(() => {
        const of = (rank: Rank, count: number) => Array.from({ length: count }, () => newClaimant(rank));
        neighbours = [...of("express", express), ...of("short", short)];
      }),
    enter(entry) {
      const { promise, resolve, reject } = Promise.withResolvers<Turn>();
      const abort = () => {
        change(() => {
          const position = waiting.findIndex((each) => each.entry === entry);
          if (position >= 0) waiting.splice(position, 1);
        });
        reject(entry.signal.reason);
      };
      if (entry.signal.aborted) reject(entry.signal.reason);
      else {
        entry.signal.addEventListener("abort", abort, { once: true });
        // Time spent waiting counts as stopped time.
        entry.processes.stop();
        const admit = () => {
          entry.signal.removeEventListener("abort", abort);
          resolve(turnOf(entry));
        };
        change(() => void waiting.push({ entry, admit }));
      }
      return promise;
    },
  };

  function turnOf(entry: Entry): Turn {
    const find = () => inside.find((each) => each.entry === entry);
    return {
      lower: (rank) =>
        change(() => {
          const own = find();
          if (!own || ORDER[rank] <= ORDER[own.claimant.rank]) return;
          own.claimant.rank = rank;
          own.claimant.isLight = true;
        }),
      leave: () =>
        change(() => {
          const own = find();
          if (own) inside.splice(inside.indexOf(own), 1);
          // Its work is over; processes that are left must be able to end.
          entry.processes.continue();
        }),
    };
  }
}
