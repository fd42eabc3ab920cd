/** The page of playback keys: with them one's own site signs who may watch. */
import type { MadePlaybackKey, PlaybackKey } from "@storagex/contract/sharing";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { listPlaybackKeys } from "../api/sharing.ts";
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
      <h1 class="headline text-phone md:text-giant">Playback keys</h1>
      <div class="grid max-w-2xl gap-7">
        <p>
          For a site with members of its own: it signs a token for each viewer, and the player takes the token
          instead of a link that anyone could pass on. The token names the key (
          <code class="number">kid</code>
          ), the video (<code class="number">sub</code>), <code class="number">aud: "storagex"</code> and an
          end (<code class="number">exp</code>); the player is at{" "}
          <code class="number wrap-anywhere">/embed/&#123;id&#125;?token=…</code>
        </p>
        {props.children}
      </div>
    </main>
  );
}

export function PlaybackKeys(): JSX.Element {
  const cache = useQueryClient();
  const [made, setMade] = createSignal<MadePlaybackKey>();
  let heading: HTMLHeadingElement | undefined;
  const add = (key: MadePlaybackKey) => {
    const { privateJwk: _privateJwk, ...listed } = key;
    cache.setQueryData<Listed>(KEYS, (list) => ({ items: [listed, ...(list?.items ?? [])] }));
    setMade(key);
  };
  const drop = (id: string) => {
    cache.setQueryData<Listed>(KEYS, (list) => ({
      items: list?.items.filter((key) => key.id !== id) ?? [],
    }));
    if (made()?.id === id) setMade(undefined);
    heading?.focus();
  };
  return (
    <PlaybackKeysFrame>
      <section class="frame grid gap-4 p-5 shadow-drop" aria-labelledby="new-key">
        <h2 ref={heading} id="new-key" tabindex="-1" class="text-title font-bold">
          New key
        </h2>
        <NewKey onMade={add} />
        <Show when={made()} keyed>
          {(key) => <Made made={key} />}
        </Show>
      </section>
      <Suspense fallback={<div class="hatch h-24 border-3 border-ink" />}>
        <Keys onDeleted={drop} />
      </Suspense>
    </PlaybackKeysFrame>
  );
}

/** The key that was just made; its private half is shown this once. */
function Made(props: { made: MadePlaybackKey }): JSX.Element {
  const focused = (element: HTMLElement) => queueMicrotask(() => element.querySelector("input")?.focus());
  return (
    <div ref={focused} class="grid gap-3 border-t-3 border-ink pt-4">
      <CopyField label="Key id (kid)" text={props.made.id} />
      <Show when={props.made.privateJwk}>
        {(jwk) => (
          <>
            <CopyField label="Private key (JWK)" text={JSON.stringify(jwk())} />
            <p role="status" class="bg-signal p-3 font-bold text-black">
              Copy the private key now: it is not stored here and cannot be shown again.
            </p>
          </>
        )}
      </Show>
    </div>
  );
}

function Keys(props: { onDeleted: (id: string) => void }): JSX.Element {
  const keys = useQuery(() => ({ queryKey: KEYS, queryFn: listPlaybackKeys }));
  return (
    <>
      <Show when={keys.isSuccess && keys.data.items.length > 0}>
        <KeyList keys={keys.data?.items ?? []} onDeleted={props.onDeleted} />
      </Show>
      <Show when={keys.isError}>
        <Reason message={reasonOf(keys.error)}>
          <button type="button" class="key mt-4" onClick={() => void keys.refetch()}>
            Retry
          </button>
        </Reason>
      </Show>
    </>
  );
}
