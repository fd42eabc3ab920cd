/** One's own account: who one is, what is stored, how pages and player behave, where one is signed in. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { Icon } from "../ui/Icon.tsx";
import { ChangePassword } from "./ChangePassword.tsx";
import { DeleteAccount } from "./DeleteAccount.tsx";
import { Preferences } from "./Preferences.tsx";
import { Profile } from "./Profile.tsx";
import { Sessions } from "./Sessions.tsx";
import { Usage } from "./Usage.tsx";
import { UsageDays } from "./UsageDays.tsx";

export function OwnAccount(): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
      <Show when={me()}>
        {(user) => (
          <>
            <Usage user={user()} />
            <UsageDays />
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
            <Keys />
            <DeleteAccount user={user()} />
          </>
        )}
      </Show>
    </main>
  );
}

/** What lets programs and other people in, each with its own page. */
function Keys(): JSX.Element {
  return (
    <ul class="grid gap-[3px] border-3 border-ink bg-ink sm:grid-cols-2">
      <Entrance href="/api-keys" name={t("apiKeys")} help={t("apiKeysHelp")} />
      <Entrance href="/upload-links" name={t("uploadLinks")} help={t("uploadLinksHelp")} />
      <Entrance href="/webhooks" name={t("webhooks")} help={t("webhooksHelp")} />
      <Entrance href="/playback-keys" name={t("playbackKeys")} help={t("playbackKeysHelp")} />
    </ul>
  );
}

function Entrance(props: { href: string; name: string; help: string }): JSX.Element {
  return (
    <li class="grid bg-paper">
      <A
        href={props.href}
        class="grid grid-cols-[minmax(0,1fr)_auto] content-start items-center gap-x-4 gap-y-2 p-4 hover:bg-signal hover:text-black focus-visible:-outline-offset-6 md:p-6"
      >
        <h2 class="headline text-large">{props.name}</h2>
        <span class="rotate-180">
          <Icon name="back" size={16} />
        </span>
        <p class="col-span-2">{props.help}</p>
      </A>
    </li>
  );
}
