/** One's own account: its data, change of password, deletion. */
import type { Me } from "@storagex/contract/account";
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { formatLimit, formatSize } from "../ui/format.ts";
import { Rows } from "../ui/Rows.tsx";
import { ChangePassword } from "./ChangePassword.tsx";
import { DeleteAccount } from "./DeleteAccount.tsx";

export function OwnAccount(): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">You</h1>
      <Show when={me()}>
        {(user) => (
          <div class="grid max-w-2xl gap-7">
            <Rows rows={rowsOf(user())} />
            <ChangePassword email={user().email} />
            <DeleteAccount user={user()} />
          </div>
        )}
      </Show>
    </main>
  );
}

function rowsOf(user: Me): [string, JSX.Element][] {
  const { used, reserved } = user.storage;
  return [
    ["E-mail", user.email],
    ...(user.name === null ? [] : [["Name", user.name] satisfies [string, JSX.Element]]),
    ["Role", user.role],
    ["Stored", reserved > 0 ? `${formatSize(used)} · ${formatSize(reserved)} on the way` : formatSize(used)],
    ["Largest file", formatLimit(user.maxUploadBytes)],
  ];
}
