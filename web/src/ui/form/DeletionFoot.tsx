/**
 * The buttons of a deletion dialog: why the last attempt failed, the button that deletes, the button that
 * cancels.
 */
import { type JSX, Show } from "solid-js";
import { t as common } from "../../messages/common.ts";
import { Reason } from "../Reason.tsx";

/** `label` names the act and what it ends. Without `onDelete` its button submits the form around it. */
export function DeletionFoot(props: {
  failure: { message: string; code?: string } | undefined;
  busy: boolean;
  label: string;
  onDelete?: () => void;
  onKeep: () => void;
}): JSX.Element {
  return (
    <>
      <Show when={props.failure}>
        {(failure) => (
          <div class="mt-4">
            <Reason message={failure().message} code={failure().code} />
          </div>
        )}
      </Show>
      <div class="mt-6 flex flex-wrap gap-4">
        <button type="button" class="button" onClick={() => props.onKeep()}>
          {common("cancel")}
        </button>
        <button
          type={props.onDelete ? "button" : "submit"}
          class="button button-fail-full"
          aria-disabled={props.busy}
          onClick={() => props.onDelete?.()}
        >
          {props.busy ? common("deleting") : props.label}
        </button>
      </div>
    </>
  );
}
