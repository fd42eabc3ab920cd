/** A failure: its reason as a sentence, its code below in a monospaced font. */
import { type JSX, Show } from "solid-js";

export function Reason(props: {
  message: string;
  code?: string | undefined;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <div role="alert" class="border-3 border-fail bg-paper p-4 text-ink">
      <p class="font-bold">{props.message}</p>
      <Show when={props.code}>
        <p class="number mt-2 break-all text-mute">{props.code}</p>
      </Show>
      {props.children}
    </div>
  );
}

/** Why an act failed; nothing while it has not. */
export function ReasonOf(props: { failure: { message: string; code?: string } | undefined }): JSX.Element {
  return (
    <Show when={props.failure}>
      {(failure) => <Reason message={failure().message} code={failure().code} />}
    </Show>
  );
}
