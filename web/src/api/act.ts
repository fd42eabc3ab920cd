/** An action that a button starts: busy while it runs, with the reason when it fails. */
import { type Accessor, createSignal } from "solid-js";
import { ApiError, reasonOf } from "./api-error.ts";

export type Act<A extends unknown[]> = {
  run: (...args: A) => void;
  busy: Accessor<boolean>;
  failure: Accessor<{ message: string; code?: string } | undefined>;
};

export function createAct<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Act<A> {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<{ message: string; code?: string }>();
  const run = async (...args: A) => {
    if (busy()) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await act(...args);
    } catch (error) {
      setFailure({ message: reasonOf(error), ...(error instanceof ApiError ? { code: error.code } : {}) });
    } finally {
      setBusy(false);
    }
  };
  return { run: (...args) => void run(...args), busy, failure };
}
