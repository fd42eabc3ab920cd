/** A text to copy: shown whole in a field, with a button that says when it was copied. */
import { createSignal, createUniqueId, type JSX } from "solid-js";
import { t } from "../messages/sharing.ts";
import { copyText } from "../ui/copy-text.ts";

const SAID_MS = 2_500;

export function CopyField(props: { label: string; text: string }): JSX.Element {
  const id = createUniqueId();
  const [said, setSaid] = createSignal(false);
  let field: HTMLInputElement | undefined;
  const copy = async () => {
    field?.select();
    // Where it is refused, the text is selected, and the keyboard copies it.
    if (!(await copyText(props.text))) return;
    setSaid(true);
    setTimeout(() => setSaid(false), SAID_MS);
  };
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {props.label}
      </label>
      <div class="flex gap-2">
        <input
          id={id}
          ref={(element) => {
            field = element;
          }}
          class="frame number min-h-11 w-full min-w-0 px-3"
          value={props.text}
          readonly
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button shrink-0" onClick={() => void copy()}>
          <span aria-live="polite">{t(said() ? "copied" : "copy")}</span>
        </button>
      </div>
    </div>
  );
}
