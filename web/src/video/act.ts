/** One act that a person starts by a key: busy while it runs, with the reason when it fails. */
import { type Accessor, createSignal } from "solid-js";
import { ApiError, reasonOf } from "../api/api-error.ts";

export type Act = {
  run: () => void;
  busy: Accessor<boolean>;
  failure: Accessor<{ message: string; code?: string } | undefined>;
};

export function createAct(act: () => Promise<unknown>): Act {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<{ message: string; code?: string }>();
  const run = async () => {
    if (busy()) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await act();
    } catch (error) {
      setFailure({ message: reasonOf(error), ...(error instanceof ApiError ? { code: error.code } : {}) });
    } finally {
      setBusy(false);
    }
  };
  return { run: () => void run(), busy, failure };
}
