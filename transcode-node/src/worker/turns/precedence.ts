/**
 * Which tasks of a machine may use its cores now: only the rule, for the worker and for the simulation
 * (`bench/transcode`).
 */

/** A person waits for a first frame; the rest of a short video; the rest of a long one. */
const RANKS = ["express", "short", "bulk"] as const;
export type Rank = (typeof RANKS)[number];

/**
 * The nice value of a task's processes: on one machine the kernel uses it where two workers know nothing of
 * each other.
 */
export const NICENESS: Readonly<Record<Rank, number>> = { express: 0, short: 5, bulk: 10 };

/** Seconds stopped after which a task runs like express. */
const AGED_SECONDS = 20;
/**
 * An aged task makes up for two stopped seconds in each second it runs: it runs at least a third of the time.
 */
const PAY_BACK = 2;
/**
 * Max seconds that a task is stopped in total. Its write URLs stay valid for half an hour after its hard
 * limit, which this time extends.
 */
const MAX_STOPPED_SECONDS = 900;

export type Claimant = {
  rank: Rank;
  /** It cannot use all cores (it copies, or works on one thread): it stops nothing of a lower rank. */
  isLight: boolean;
  isStopped: boolean;
  /** Stopped seconds that it has not made up for. */
  debt: number;
  isAged: boolean;
  stoppedSeconds: number;
};

export const newClaimant = (rank: Rank, isLight = false): Claimant => ({
  ...{ rank, isLight, isStopped: false, debt: 0, isAged: false, stoppedSeconds: 0 },
});

/**
 * How many FFmpeg processes use all cores: one decodes and scales on few threads, and keeps about four busy.
 */
export const placesFor = (cores: number): number => Math.max(1, Math.floor(cores / 4));

/** Records that `seconds` have passed in the state that `task` is in. */
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
 * Sets `isStopped` of all tasks of one machine, given in the order in which they arrived. The best rank
 * that fills the cores runs, and with it aged tasks and light ones as good; others run where `places` are free
 * beside them.
 */
export function settle(tasks: readonly Claimant[], places: number): void {
  const best = RANKS.find((rank) =>
    tasks.some((task) => (task.rank === rank && !task.isLight) || (task.isAged && rank === "express")),
  );
  const isAsGood = ({ rank }: Claimant) => best === undefined || RANKS.indexOf(rank) <= RANKS.indexOf(best);
  const isFirst = (task: Claimant) => task.isAged || task.rank === best || (task.isLight && isAsGood(task));
  const inOrder = [
    ...tasks.filter(isFirst),
    ...RANKS.flatMap((rank) => tasks.filter((task) => task.rank === rank && !isFirst(task))),
  ];
  for (const [position, task] of inOrder.entries()) {
    const hasTurn = isFirst(task) || position < places;
    task.isStopped = !hasTurn && task.stoppedSeconds < MAX_STOPPED_SECONDS;
  }
}
