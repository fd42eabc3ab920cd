/** Which tasks of a machine may use its cores now: the rule alone, for the worker and for the simulation (`bench/transcode`). */

/** Somebody waits for a first frame; the rest of a short video; the rest of a long one. */
export const RANKS = ["express", "short", "bulk"] as const;
export type Rank = (typeof RANKS)[number];

/** What a process is niced by: on one machine the kernel goes by it, where two workers know nothing of each other. */
export const NICENESS: Readonly<Record<Rank, number>> = { express: 0, short: 5, bulk: 10 };

/** Seconds stopped after which a task is as good as express. */
const AGED_SECONDS = 20;
/** Aged, it makes up for two seconds in each one: it runs a third of the time at the least. */
const PAY_BACK = 2;
/** Seconds that a task is stopped in all. Its write URLs outlive its hard limit, which grows by them, by half an hour. */
const MAX_STOPPED_SECONDS = 900;

export type Claimant = {
  rank: Rank;
  isStopped: boolean;
  /** Seconds for which it was stopped and has not made up. */
  debt: number;
  isAged: boolean;
  stoppedSeconds: number;
};

export const newClaimant = (rank: Rank): Claimant => ({
  ...{ rank, isStopped: false, debt: 0, isAged: false, stoppedSeconds: 0 },
});

/** How many FFmpegs fill so many cores: one decodes and scales on few threads, and keeps about four busy. */
export const placesFor = (cores: number): number => Math.max(1, Math.floor(cores / 4));

/** Notes that `seconds` have passed in the state that `task` is in. */
export function age(task: Claimant, seconds: number): void {
  if (task.isStopped) {
    task.debt += seconds;
    task.stoppedSeconds += seconds;
    if (task.debt >= AGED_SECONDS) task.isAged = true;
  } else {
    task.debt = Math.max(0, task.debt - PAY_BACK * seconds);
    if (task.debt === 0) task.isAged = false;
  }
}

/**
 * Sets `isStopped` of all tasks of one machine, given in the order they came. The best rank runs, and aged tasks with it;
 * others where `places` are left beside them.
 */
export function settle(tasks: readonly Claimant[], places: number): void {
  const best = RANKS.find((rank) =>
    tasks.some((task) => task.rank === rank || (task.isAged && rank === "express")),
  );
  const isFirst = (task: Claimant) => task.isAged || task.rank === best;
  const inOrder = [
    ...tasks.filter(isFirst),
    ...RANKS.flatMap((rank) => tasks.filter((task) => task.rank === rank && !isFirst(task))),
  ];
  for (const [position, task] of inOrder.entries()) {
    const hasTurn = isFirst(task) || position < places;
    task.isStopped = !hasTurn && task.stoppedSeconds < MAX_STOPPED_SECONDS;
  }
}
