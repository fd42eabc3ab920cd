/** A labelled input with its help text and its error. */
import { createUniqueId, type JSX, Show, splitProps } from "solid-js";

type FieldProps = JSX.InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  help?: string | undefined;
  complaint?: string | undefined;
  /** At the end of the input's row. */
  beside?: JSX.Element;
};

export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId();
  const [own, input] = splitProps(props, ["label", "help", "complaint", "beside"]);
  const described = () =>
    [own.complaint ? `${id}-complaint` : "", own.help ? `${id}-help` : ""].filter(Boolean).join(" ");
  return (
    <div class="grid gap-2">
      <label for={id} class="label">
        {own.label}
      </label>
      <div class="flex">
        <input
          {...input}
          id={id}
          class="frame field min-h-12 w-full min-w-0 px-3 text-base aria-[invalid=true]:border-fail"
          aria-invalid={own.complaint !== undefined}
          aria-describedby={described() || undefined}
        />
        {own.beside}
      </div>
      <Show when={own.complaint}>
        <p id={`${id}-complaint`} class="border-l-[6px] border-fail pl-2 font-bold">
          {own.complaint}
        </p>
      </Show>
      <Show when={own.help}>
        <p id={`${id}-help`} class="text-small text-mute">
          {own.help}
        </p>
      </Show>
    </div>
  );
}
