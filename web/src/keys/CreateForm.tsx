/** A form that makes something: its fields, and the button that sends them. Afterwards it is as in the beginning. */
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { FormFoot } from "../ui/form/FormFoot.tsx";
import { focusFirstWrong } from "../ui/pass-focus.ts";

export function CreateForm(props: {
  label: string;
  busyLabel: string;
  /** Makes what the fields say; false where one of them is wrong, which then has its complaint. */
  onSend: (given: FormData) => Promise<boolean>;
  children: JSX.Element;
}): JSX.Element {
  const [round, setRound] = createSignal(1);
  let form: HTMLFormElement | undefined;
  const make = createAct(async (given: FormData) => {
    if (await props.onSend(given)) setRound((count) => count + 1);
    else focusFirstWrong(form);
  });
  return (
    <form
      ref={(element) => {
        form = element;
      }}
      class="grid gap-4"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        make.run(new FormData(event.currentTarget));
      }}
    >
      {/* Made anew: a reset would empty fields that begin with a value. */}
      <Show when={round()} keyed>
        {props.children}
      </Show>
      <FormFoot act={make} label={props.label} busyLabel={props.busyLabel} />
    </form>
  );
}
