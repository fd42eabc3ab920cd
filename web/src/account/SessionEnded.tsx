/** Says at the sign-in page why somebody is there: the session ended, or the page they asked for needs one. */
import { type JSX, Show } from "solid-js";
import { session } from "../api/session.ts";
import { t } from "../messages/entry.ts";

export function SessionEnded(props: { isSentHere: boolean }): JSX.Element {
  const hasEnded = () => {
    const now = session();
    return now.kind === "out" && now.ended === true;
  };
  return (
    <Show
      when={hasEnded()}
      fallback={
        <Show when={props.isSentHere}>
          <p class="mb-5 border-l-[6px] border-signal pl-3">{t("signInToSee")}</p>
        </Show>
      }
    >
      <p role="status" class="mb-5 border-3 border-ink bg-signal p-3 font-bold text-black">
        {t("sessionEnded")}
      </p>
    </Show>
  );
}
