/** One's own account: who one is, what is stored, how pages and player behave, where one is signed in. */
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { ChangePassword } from "./ChangePassword.tsx";
import { DeleteAccount } from "./DeleteAccount.tsx";
import { Preferences } from "./Preferences.tsx";
import { Profile } from "./Profile.tsx";
import { Sessions } from "./Sessions.tsx";
import { Usage } from "./Usage.tsx";

export function OwnAccount(): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">Account</h1>
      <Show when={me()}>
        {(user) => (
          <>
            <Usage user={user()} />
            <div class="grid gap-7 lg:grid-cols-2">
              <div class="grid content-start gap-7">
                <Profile user={user()} />
                <ChangePassword email={user().email} />
              </div>
              <div class="grid content-start gap-7">
                <Preferences user={user()} />
                <Sessions />
              </div>
            </div>
            <DeleteAccount user={user()} />
          </>
        )}
      </Show>
    </main>
  );
}
