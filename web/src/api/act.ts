/** An action that a button starts: busy while it runs, with the reason when it fails. */
import { type Accessor, createSignal } from "solid-js";
import { ApiError, reasonOf } from "./api-error.ts";

export type Act<A extends unknown[]> = {
  run: (...args: A) => void;
  busy: Accessor<boolean>;
  failure: Accessor<{ message: string; code?: string } | undefined>;
};

/** Pressed again while it runs, the button starts nothing. */
export function createAct<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Act<A> {
  const { run, busy, failure } = createActs(act);
  return { run: (...args) => !busy() && run(...args), busy, failure };
}

/** For choices: each is carried out, also while another one is. */
export function createActs<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Act<A> {
  const [running, setRunning] = createSignal(0);
  const [failure, setFailure] = createSignal<{ message: string; code?: string }>();
  const run = async (...args: A) => {
    setRunning((count) => count + 1);
    setFailure(undefined);
    try {
      await act(...args);
    } catch (error) {
      setFailure({ message: reasonOf(error), ...(error instanceof ApiError ? { code: error.code } : {}) });
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return { run: (...args) => void run(...args), busy: () => running() > 0, failure };
}
