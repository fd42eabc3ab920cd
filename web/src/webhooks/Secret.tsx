/** A secret that is shown this once, to copy. */
import type { JSX } from "solid-js";
import { t } from "../messages/webhooks.ts";
import { CopyField } from "../sharing/CopyField.tsx";

export function Secret(props: { text: string; note: string }): JSX.Element {
  const focused = (element: HTMLElement) => queueMicrotask(() => element.querySelector("input")?.focus());
  return (
    <div ref={focused} class="grid gap-3 border-t-3 border-ink pt-4">
      <CopyField label={t("secret")} text={props.text} />
      <p role="status" class="bg-signal p-3 font-bold text-black">
        {props.note}
      </p>
    </div>
  );
}
