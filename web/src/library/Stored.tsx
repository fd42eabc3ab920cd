/** What the account stores, and what is on the way. */
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { t } from "../messages/library.ts";
import { formatSize } from "../ui/format.ts";

export function Stored(): JSX.Element {
  return (
    <Show when={me()}>
      {(user) => (
        <span>
          {t("stored", formatSize(user().storage.used))}
          <Show when={user().storage.reserved > 0}>{t("onTheWay", formatSize(user().storage.reserved))}</Show>
        </span>
      )}
    </Show>
  );
}
