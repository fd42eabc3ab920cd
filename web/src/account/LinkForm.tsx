/** The page of a one-time link: shows whose password it sets, and sets it. */
import { A, useNavigate, useParams } from "@solidjs/router";
import type { AccountLink } from "@storagex/contract/accounts/account";
import { createSignal, type JSX, Match, onMount, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { join, me, readLink } from "../api/session.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/entry.ts";
import { Reason } from "../ui/Reason.tsx";
import { EntryForm, FormFoot, NameField, PasswordField } from "./AccountFields.tsx";
import { AccountPage } from "./AccountPage.tsx";
import { createForm } from "./form.ts";

type Words = { title: string; lines: readonly string[]; send: string; sending: string };

export function LinkForm(props: { words: Words }): JSX.Element {
  const params = useParams();
  const navigate = useNavigate();
  const token = () => params.token ?? "";
  const [link, setLink] = createSignal<AccountLink>();
  const reading = createAct(async () => setLink(await readLink(token())));
  onMount(reading.run);
  const isOver = () => reading.failure()?.code === "account.link_invalid";
  const form = createForm(
    () => import("@storagex/contract/accounts/account").then((all) => all.joinRequestSchema),
    async (body) => {
      await join(body);
      navigate("/", { replace: true });
    },
    () => ({ token: token() }),
  );
  return (
    <AccountPage title={props.words.title} lines={isOver() ? t("deadLinkLines") : props.words.lines} stays>
      <Switch
        fallback={<div role="status" aria-label={t("readingLink")} class="hatch h-48 border-3 border-ink" />}
      >
        <Match when={reading.failure()}>
          {(failure) => (
            <Reason message={failure().message} code={failure().code}>
              <Show when={failure().code === "network.unreachable"}>
                <button type="button" class="button mt-4" onClick={reading.run}>
                  {common("retry")}
                </button>
              </Show>
              <Show when={isOver()}>
                <A href={me() ? "/" : "/login"} class="button mt-4">
                  {me() ? common("library") : t("signIn")}
                </A>
              </Show>
            </Reason>
          )}
        </Match>
        <Match when={link()}>
          {(known) => (
            <EntryForm form={form}>
              <p class="wrap-anywhere">{t("linkFor", <strong>{known().email}</strong>)}</p>
              <Show when={me() !== undefined && me()?.email !== known().email}>
                <p class="border-l-[6px] border-signal pl-3 wrap-anywhere">
                  {t("changeOver", <strong>{me()?.email}</strong>)}
                </p>
              </Show>
              {/* Shows a password manager whose password it is; without a name it is not sent. */}
              <input type="email" autocomplete="username" value={known().email} readonly hidden />
              <Show when={known().kind === "invitation" && known().name === null}>
                <NameField form={form} />
              </Show>
              <PasswordField form={form} fresh />
              <FormFoot form={form} send={props.words.send} sending={props.words.sending} />
            </EntryForm>
          )}
        </Match>
      </Switch>
    </AccountPage>
  );
}
