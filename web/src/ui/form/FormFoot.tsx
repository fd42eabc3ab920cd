/** The foot of a form: why it was not taken, the button that sends it, and one that leaves it. */
import { type JSX, Show } from "solid-js";
import { t as common } from "../../messages/common.ts";
import { ReasonOf } from "../Reason.tsx";

export function FormFoot(props: {
  act: { busy: () => boolean; failure: () => { message: string; code?: string } | undefined };
  label: string;
  busyLabel: string;
  /** Where the form cannot be sent as it is. */
  disabled?: boolean;
  onCancel?: () => void;
}): JSX.Element {
  return (
    <>
      <ReasonOf failure={props.act.failure()} />
      <div class="flex flex-wrap gap-4">
        <button
          type="submit"
          class="button button-signal"
          aria-disabled={props.act.busy() || props.disabled === true}
        >
          {props.act.busy() ? props.busyLabel : props.label}
        </button>
        <Show when={props.onCancel}>
          {(cancel) => (
            <button type="button" class="button" onClick={() => cancel()()}>
              {common("cancel")}
            </button>
          )}
        </Show>
      </div>
    </>
  );
}
