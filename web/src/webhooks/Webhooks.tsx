/** The page of webhooks: which endpoints are told what happens to one's videos. */
import { Key } from "@solid-primitives/keyed";
import type { Webhook } from "@storagex/contract/webhooks";
import { createSignal, type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { listWebhooks } from "../api/calls/webhooks.ts";
import { useQuery } from "../api/query.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/webhooks.ts";
import { Reason } from "../ui/Reason.tsx";
import { NewWebhook } from "./NewWebhook.tsx";
import { Secret } from "./Secret.tsx";
import { WebhookItem } from "./WebhookItem.tsx";

const WEBHOOKS = ["webhooks"];
type Listed = { items: Webhook[] };

/** Head and explanation; what the server sends. */
export function WebhooksFrame(props: { children?: JSX.Element }): JSX.Element {
  const link = "font-bold underline decoration-3 underline-offset-4";
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
      <div class="key-page">
        <p>
          {t(
            "help",
            <a href="https://www.standardwebhooks.com" class={link}>
              {t("standard")}
            </a>,
            <a href="/docs" class={link}>
              {t("reference")}
            </a>,
          )}
        </p>
        {props.children}
      </div>
    </main>
  );
}

export function Webhooks(): JSX.Element {
  const [secret, setSecret] = createSignal<{ id: string; text: string }>();
  let heading: HTMLHeadingElement | undefined;
  const change = (to: (items: Webhook[]) => Webhook[]) =>
    queryClient.setQueryData<Listed>(WEBHOOKS, (list) => ({ items: to(list?.items ?? []) }));
  const drop = (id: string) => {
    change((items) => items.filter((each) => each.id !== id));
    if (secret()?.id === id) setSecret(undefined);
    heading?.focus();
  };
  return (
    <WebhooksFrame>
      <section class="frame grid gap-4 p-5 shadow-drop" aria-labelledby="new-webhook">
        <h2 ref={heading} id="new-webhook" tabindex="-1" class="headline text-large">
          {t("newWebhook")}
        </h2>
        <NewWebhook
          onMade={(made) => {
            change((items) => [made.webhook, ...items]);
            setSecret({ id: made.webhook.id, text: made.secret });
          }}
        />
        <Show when={secret()} keyed>
          {({ text }) => <Secret text={text} note={t("copySecret")} />}
        </Show>
      </section>
      <List
        onChanged={(webhook) =>
          change((items) => items.map((each) => (each.id === webhook.id ? webhook : each)))
        }
        onDeleted={drop}
      />
    </WebhooksFrame>
  );
}

function List(props: {
  onChanged: (webhook: Webhook) => void;
  onDeleted: (id: string) => void;
}): JSX.Element {
  const query = useQuery(() => ({ queryKey: WEBHOOKS, queryFn: listWebhooks }));
  const webhooks = () => query.data?.items ?? [];
  return (
    <>
      <Show when={webhooks().length > 0}>
        <section class="grid gap-4" aria-labelledby="webhooks">
          <h2 id="webhooks" class="headline text-large">
            {t("webhooks")}
          </h2>
          <ul class="grid gap-4">
            <Key each={webhooks()} by="id">
              {(webhook) => (
                <WebhookItem
                  webhook={webhook()}
                  onChanged={props.onChanged}
                  onDeleted={() => props.onDeleted(webhook().id)}
                />
              )}
            </Key>
          </ul>
        </section>
      </Show>
      <Show when={query.isError}>
        <Reason message={reasonOf(query.error)}>
          <button type="button" class="button mt-4" onClick={() => void query.refetch()}>
            {common("retry")}
          </button>
        </Reason>
      </Show>
    </>
  );
}
