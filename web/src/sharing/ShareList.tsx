/** The links of a video: copy, embed, see how often each was watched, revoke. */
import { Key } from "@solid-primitives/keyed";
import type { ListedShare } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX, onMount, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { deleteShare } from "../api/calls/sharing.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/sharing.ts";
import { formatMinute } from "../ui/format.ts";
import { Reason } from "../ui/Reason.tsx";
import { unbroken } from "../ui/unbroken.ts";
import { CopyField } from "./CopyField.tsx";
import { Embed } from "./Embed.tsx";

export function ShareList(props: {
  video: Video;
  shares: readonly ListedShare[];
  /** The link that was just made: the focus moves to it. */
  freshId: string | undefined;
  onRevoked: (id: string) => void;
}): JSX.Element {
  return (
    <ul class="grid gap-4">
      <Key each={props.shares} by="id">
        {(share) => (
          <Item
            share={share()}
            video={props.video}
            isFresh={share().id === props.freshId}
            onRevoked={() => props.onRevoked(share().id)}
          />
        )}
      </Key>
    </ul>
  );
}

function Item(props: {
  share: ListedShare;
  video: Video;
  isFresh: boolean;
  onRevoked: () => void;
}): JSX.Element {
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
          {props.share.label ?? t("link")}
        </strong>
        <span class="number text-mute">{about(props.share)}</span>
      </p>
      <Show when={props.share.url} fallback={<p class="text-small">{common("linkNotShown")}</p>}>
        {(url) => <CopyField label={t("link")} text={url()} />}
      </Show>
      <Embed url={props.share.embedUrl} origins={props.share.embedOrigins} video={props.video}>
        <Revoke share={props.share} videoId={props.video.id} onRevoked={props.onRevoked} />
      </Embed>
    </li>
  );
}

function Revoke(props: { share: ListedShare; videoId: string; onRevoked: () => void }): JSX.Element {
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
            class="button button-fail"
            aria-label={t("revokeOf", props.share.label ?? t("theLink"))}
            onClick={() => turn(true)}
          >
            {t("revoke")}
          </button>
        }
      >
        <p role="alert" class="w-full">
          {t("revokeWarning")}
        </p>
        <button
          type="button"
          ref={takesFocus}
          class="button button-fail-full"
          aria-disabled={revoke.busy()}
          onClick={() => revoke.run()}
        >
          {t(revoke.busy() ? "revoking" : "revokeLink")}
        </button>
        <button type="button" class="button" onClick={() => turn(false)}>
          {common("cancel")}
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

function about({ views, hasPassword, allowDownload, expiresAt }: ListedShare): string {
  const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return [
    t("views", views),
    hasPassword ? t("withPassword") : "",
    allowDownload ? t("withDownload") : "",
    expiresAt === null ? "" : isOver ? t("expired") : t("until", formatMinute(Date.parse(expiresAt))),
  ]
    .filter(Boolean)
    .map(unbroken)
    .join(" · ");
}
