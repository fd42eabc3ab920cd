/** One's own account: who one is, what is stored, how pages and player behave, where one is signed in. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { t } from "../messages/account.ts";
import { ChangePassword } from "./ChangePassword.tsx";
import { DeleteAccount } from "./DeleteAccount.tsx";
import { Panel } from "./Panel.tsx";
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
                <Keys />
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

function Keys(): JSX.Element {
  return (
    <>
      <Panel title={t("apiKeys")}>
        <p>{t("apiKeysHelp")}</p>
        <A href="/api-keys" class="key justify-self-start">
          {t("manageApiKeys")}
        </A>
      </Panel>
      <Panel title={t("uploadLinks")}>
        <p>{t("uploadLinksHelp")}</p>
        <A href="/upload-links" class="key justify-self-start">
          {t("manageUploadLinks")}
        </A>
      </Panel>
      <Panel title={t("webhooks")}>
        <p>{t("webhooksHelp")}</p>
        <A href="/webhooks" class="key justify-self-start">
          {t("manageWebhooks")}
        </A>
      </Panel>
      <Panel title={t("playbackKeys")}>
        <p>{t("playbackKeysHelp")}</p>
        <A href="/playback-keys" class="key justify-self-start">
          {t("manageKeys")}
        </A>
      </Panel>
    </>
  );
}
