/** The page of playback keys: with them one's own site signs who may watch. */

import type { MadePlaybackKey, PlaybackKey } from "@storagex/contract/sharing";
import { createSignal, type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { listPlaybackKeys } from "../api/calls/sharing.ts";
import { useQuery } from "../api/query.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/sharing.ts";
import { Reason } from "../ui/Reason.tsx";
import { CopyField } from "./CopyField.tsx";
import { KeyList } from "./KeyList.tsx";
import { NewKey } from "./NewKey.tsx";

const KEYS = ["playback-keys"];

type Listed = { items: PlaybackKey[] };

/** Head and explanation; what the server sends. */
export function PlaybackKeysFrame(props: { children?: JSX.Element }): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">{t("playbackKeys")}</h1>
      <div class="key-page">
        <p>
          {t(
            "keysHelp",
            <code class="number">kid</code>,
            <code class="number">sub</code>,
            <code class="number">aud: "storagex"</code>,
            <code class="number">exp</code>,
            <code class="number wrap-anywhere">/embed/&#123;id&#125;?token=…</code>,
          )}
        </p>
        {props.children}
      </div>
    </main>
  );
}

export function PlaybackKeys(): JSX.Element {
  const [made, setMade] = createSignal<MadePlaybackKey>();
  let heading: HTMLHeadingElement | undefined;
  const add = (key: MadePlaybackKey) => {
    const { privateJwk: _privateJwk, ...listed } = key;
    queryClient.setQueryData<Listed>(KEYS, (list) => ({ items: [listed, ...(list?.items ?? [])] }));
    setMade(key);
  };
  const drop = (id: string) => {
    queryClient.setQueryData<Listed>(KEYS, (list) => ({
      items: list?.items.filter((key) => key.id !== id) ?? [],
    }));
    if (made()?.id === id) setMade(undefined);
    heading?.focus();
  };
  return (
    <PlaybackKeysFrame>
      <section class="frame grid gap-4 p-5 shadow-drop" aria-labelledby="new-key">
        <h2 ref={heading} id="new-key" tabindex="-1" class="headline text-large">
          {t("newKey")}
        </h2>
        <NewKey onMade={add} />
        <Show when={made()} keyed>
          {(key) => <Made made={key} />}
        </Show>
      </section>
      <Keys onDeleted={drop} />
    </PlaybackKeysFrame>
  );
}

/** The key that was just made; its private half is shown this once. */
function Made(props: { made: MadePlaybackKey }): JSX.Element {
  const focused = (element: HTMLElement) => queueMicrotask(() => element.querySelector("input")?.focus());
  return (
    <div ref={focused} class="grid gap-3 border-t-3 border-ink pt-4">
      <CopyField label={t("keyId")} text={props.made.id} />
      <Show when={props.made.privateJwk}>
        {(jwk) => (
          <>
            <CopyField label={t("privateKey")} text={JSON.stringify(jwk())} />
            <p role="status" class="bg-signal p-3 font-bold text-black">
              {t("copyPrivate")}
            </p>
          </>
        )}
      </Show>
    </div>
  );
}

function Keys(props: { onDeleted: (id: string) => void }): JSX.Element {
  const query = useQuery(() => ({ queryKey: KEYS, queryFn: listPlaybackKeys }));
  const keys = () => query.data?.items ?? [];
  return (
    <>
      <Show when={keys().length > 0}>
        <KeyList keys={keys()} onDeleted={props.onDeleted} />
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
