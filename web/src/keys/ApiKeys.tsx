/** The page of API keys: with them programs call for one's account. */

import type { ApiKey, MadeApiKey } from "@storagex/contract/accounts/api-keys";
import { createSignal, type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { listApiKeys } from "../api/calls/keys.ts";
import { useQuery } from "../api/query.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/keys.ts";
import { CopyField } from "../sharing/CopyField.tsx";
import { Reason } from "../ui/Reason.tsx";
import { ApiKeyList } from "./ApiKeyList.tsx";
import { NewApiKey } from "./NewApiKey.tsx";

const KEYS = ["api-keys"];

type Listed = { items: ApiKey[] };

/** Head and explanation; what the server sends. */
export function ApiKeysFrame(props: { children?: JSX.Element }): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
      <div class="key-page">
        <p>
          {t(
            "help",
            <code class="number wrap-anywhere">Authorization: Bearer sxk_…</code>,
            <a href="/docs" class="font-bold underline decoration-3 underline-offset-4">
              {t("reference")}
            </a>,
          )}
        </p>
        {props.children}
      </div>
    </main>
  );
}

export function ApiKeys(): JSX.Element {
  const [made, setMade] = createSignal<MadeApiKey>();
  let heading: HTMLHeadingElement | undefined;
  const add = (answer: MadeApiKey) => {
    queryClient.setQueryData<Listed>(KEYS, (list) => ({ items: [answer.key, ...(list?.items ?? [])] }));
    setMade(answer);
  };
  const drop = (id: string) => {
    queryClient.setQueryData<Listed>(KEYS, (list) => ({
      items: list?.items.filter((key) => key.id !== id) ?? [],
    }));
    if (made()?.key.id === id) setMade(undefined);
    heading?.focus();
  };
  return (
    <ApiKeysFrame>
      <section class="frame grid gap-4 p-5 shadow-drop" aria-labelledby="new-key">
        <h2 ref={heading} id="new-key" tabindex="-1" class="headline text-large">
          {t("newKey")}
        </h2>
        <NewApiKey onMade={add} />
        <Show when={made()} keyed>
          {({ secret }) => <Made secret={secret} />}
        </Show>
      </section>
      <Keys onDeleted={drop} />
    </ApiKeysFrame>
  );
}

/** The secret of the key that was just made, shown this once. */
function Made(props: { secret: string }): JSX.Element {
  const focused = (element: HTMLElement) => queueMicrotask(() => element.querySelector("input")?.focus());
  return (
    <div ref={focused} class="grid gap-3 border-t-3 border-ink pt-4">
      <CopyField label={t("secret")} text={props.secret} />
      <p role="status" class="bg-signal p-3 font-bold text-black">
        {t("copySecret")}
      </p>
    </div>
  );
}

function Keys(props: { onDeleted: (id: string) => void }): JSX.Element {
  const query = useQuery(() => ({ queryKey: KEYS, queryFn: listApiKeys }));
  const keys = () => query.data?.items ?? [];
  return (
    <>
      <Show when={keys().length > 0}>
        <ApiKeyList keys={keys()} onDeleted={props.onDeleted} />
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
