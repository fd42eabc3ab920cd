/** A link that is shown this once, with a button that copies it. */
import { createSignal, type JSX, onMount } from "solid-js";
import { t } from "../messages/admin.ts";
import { copyText } from "../ui/copy-text.ts";
import { formatExact } from "../ui/format.ts";

export function OneTimeLink(props: { url: string; expiresAt: string; label: string }): JSX.Element {
  const [isCopied, setCopied] = createSignal(false);
  let field: HTMLInputElement | undefined;
  // It takes the place of the button that made it, and its focus.
  onMount(() => field?.focus());
  const copy = async () => {
    field?.select();
    // Where it is refused, the text stays selected for the keyboard.
    if (await copyText(props.url)) setCopied(true);
  };
  return (
    <div class="grid gap-3">
      <p>{t("sendLink", formatExact(Date.parse(props.expiresAt)))}</p>
      <input
        ref={field}
        readonly
        aria-label={props.label}
        value={props.url}
        class="frame field number min-h-12 w-full min-w-0 px-3"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="flex flex-wrap items-center gap-4">
        <button type="button" class="button button-signal" onClick={() => void copy()}>
          {t("copyLink")}
        </button>
        <span role="status" class="font-bold">
          {isCopied() ? t("copied") : ""}
        </span>
      </div>
    </div>
  );
}
