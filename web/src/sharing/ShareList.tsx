/** The links of a video: copy, embed, see how often each was watched, revoke. */
import type { Share } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/video";
import { createSignal, For, type JSX, onMount, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { deleteShare } from "../api/sharing.ts";
import { Reason } from "../ui/Reason.tsx";
import { CopyField } from "./CopyField.tsx";
import { Embed } from "./Embed.tsx";

export function ShareList(props: {
  video: Video;
  shares: readonly Share[];
  /** The link that was just made: the focus moves to it. */
  freshId: string | undefined;
  onRevoked: (id: string) => void;
}): JSX.Element {
  return (
    <ul class="grid gap-4">
      <For each={props.shares}>
        {(share) => (
          <Item
            share={share}
            video={props.video}
            isFresh={share.id === props.freshId}
            onRevoked={() => props.onRevoked(share.id)}
          />
        )}
      </For>
    </ul>
  );
}

function Item(props: { share: Share; video: Video; isFresh: boolean; onRevoked: () => void }): JSX.Element {
  let item: HTMLLIElement | undefined;
  onMount(() => props.isFresh && item?.querySelector("input")?.focus());
  return (
    <li
      ref={(element) => {
        item = element;
      }}
      class="grid gap-3 border-3 border-ink p-4"
    >
      <p class="flex flex-wrap items-baseline justify-between gap-x-4">
        <strong class="min-w-0 wrap-anywhere" dir="auto">
          {props.share.label ?? "Link"}
        </strong>
        <span class="number text-mute">{about(props.share)}</span>
      </p>
      <CopyField label="Link" text={props.share.url} />
      <Embed url={props.share.embedUrl} origins={props.share.embedOrigins} video={props.video}>
        <Revoke share={props.share} videoId={props.video.id} onRevoked={props.onRevoked} />
      </Embed>
    </li>
  );
}

function Revoke(props: { share: Share; videoId: string; onRevoked: () => void }): JSX.Element {
  const [asks, setAsks] = createSignal(false);
  const revoke = createAct(async () => {
    await deleteShare(props.videoId, props.share.id);
    props.onRevoked();
  });
  // One button takes the place of another: the focus goes along.
  const [wasAsked, setWasAsked] = createSignal(false);
  const turn = (next: boolean) => {
    setWasAsked(true);
    setAsks(next);
  };
  const takesFocus = (element: HTMLButtonElement) => {
    if (wasAsked()) queueMicrotask(() => element.focus());
  };
  return (
    <>
      <Show
        when={asks()}
        fallback={
          <button
            type="button"
            ref={takesFocus}
            class="key key-fail"
            aria-label={`Revoke ${props.share.label ?? "the link"}…`}
            onClick={() => turn(true)}
          >
            Revoke…
          </button>
        }
      >
        <p role="alert" class="w-full">
          Nobody can watch by this link any more, and it cannot be brought back.
        </p>
        <button
          type="button"
          ref={takesFocus}
          class="key key-fail-full"
          aria-disabled={revoke.busy()}
          onClick={() => revoke.run()}
        >
          {revoke.busy() ? "Revoking" : "Revoke link"}
        </button>
        <button type="button" class="key" onClick={() => turn(false)}>
          Cancel
        </button>
      </Show>
      <Show when={revoke.failure()}>
        {(failure) => (
          <div class="w-full">
            <Reason message={failure().message} code={failure().code} />
          </div>
        )}
      </Show>
    </>
  );
}

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function about({ views, hasPassword, allowDownload, expiresAt }: Share): string {
  const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return [
    views === 1 ? "1 view" : `${views} views`,
    hasPassword ? "password" : "",
    allowDownload ? "download" : "",
    expiresAt === null ? "" : isOver ? "expired" : `until ${day.format(new Date(expiresAt))}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
