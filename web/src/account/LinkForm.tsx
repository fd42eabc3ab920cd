/** The page of a one-time link: shows whose password it sets, and sets it. */
import { useNavigate, useParams } from "@solidjs/router";
import type { AccountLink } from "@storagex/contract/account";
import { createSignal, type JSX, Match, onMount, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { join, me, readLink } from "../api/session.ts";
import { Reason } from "../ui/Reason.tsx";
import { FormFoot, NameField, PasswordField } from "./AccountFields.tsx";
import { AccountPage } from "./AccountPage.tsx";
import { createForm } from "./form.ts";

type Words = { title: string; sentence: JSX.Element; send: string; sending: string };

export function LinkForm(props: { words: Words }): JSX.Element {
  const params = useParams();
  const navigate = useNavigate();
  const token = () => params.token ?? "";
  const [link, setLink] = createSignal<AccountLink>();
  const reading = createAct(async () => setLink(await readLink(token())));
  onMount(reading.run);
  const form = createForm(
    () => import("@storagex/contract/account").then((all) => all.joinRequestSchema),
    async (body) => {
      await join(body);
      navigate("/", { replace: true });
    },
    () => ({ token: token() }),
  );
  return (
    <AccountPage title={props.words.title} sentence={props.words.sentence} stays>
      <Switch
        fallback={<div role="status" aria-label="Reading the link" class="hatch h-48 border-3 border-ink" />}
      >
        <Match when={reading.failure()}>
          {(failure) => (
            <Reason message={failure().message} code={failure().code}>
              <Show when={failure().code === "network.unreachable"}>
                <button type="button" class="key mt-4" onClick={reading.run}>
                  Retry
                </button>
              </Show>
            </Reason>
          )}
        </Match>
        <Match when={link()}>
          {(known) => (
            <form class="grid gap-5" novalidate onSubmit={form.submit}>
              <p class="wrap-anywhere">
                For <strong>{known().email}</strong>
              </p>
              <Show when={me() !== undefined && me()?.email !== known().email}>
                <p class="border-l-[6px] border-signal pl-3 wrap-anywhere">
                  You are signed in as <strong>{me()?.email}</strong>. With this link you change over.
                </p>
              </Show>
              {/* Shows a password manager whose password it is; without a name it is not sent. */}
              <input type="email" autocomplete="username" value={known().email} readonly hidden />
              <Show when={known().kind === "invitation" && known().name === null}>
                <NameField form={form} />
              </Show>
              <PasswordField form={form} fresh />
              <FormFoot form={form} send={props.words.send} sending={props.words.sending} />
            </form>
          )}
        </Match>
      </Switch>
    </AccountPage>
  );
}
