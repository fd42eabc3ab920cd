/** What the account stores, and what is on the way. */
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { formatSize } from "../ui/format.ts";

export function Stored(): JSX.Element {
  return (
    <Show when={me()}>
      {(user) => (
        <span>
          {formatSize(user().storage.used)} stored
          <Show when={user().storage.reserved > 0}> · {formatSize(user().storage.reserved)} on the way</Show>
        </span>
      )}
    </Show>
  );
}
